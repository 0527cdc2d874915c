// Runs once for the header: the list of kept conversations in a dialog.
const dialog = element.querySelector("#history");
const list = dialog.querySelector("ul");
const search = dialog.querySelector("input");
const said = dialog.querySelector("[role=status]");
const send = async (method, path, body) => {
  const response = await fetch(`${BASE}conversations${path}`, {
    method,
    headers: body ? { "Content-Type": "application/json" } : {},
    body: body ? JSON.stringify(body) : undefined,
  });
  if (!response.ok) throw new Error(`conversations ${response.status}`);
  return response.status === 204 ? null : response.json();
};
const here = () => new URLSearchParams(location.search).get("c");
const make = (tag, text, properties = {}) => Object.assign(document.createElement(tag), { textContent: text }, properties);
const press = (label, title, act) => {
  const button = make("button", label, { type: "button" });
  button.setAttribute("aria-label", `${label}: ${title}`);
  button.addEventListener("click", async () => {
    try {
      await act(button);
    } catch {
      said.textContent = LABELS["history-failed"];
    }
  });
  return button;
};
const renameForm = (entry, item) => {
  const form = make("form", "");
  const field = make("input", "", { value: entry.title, maxLength: 80, required: true });
  field.setAttribute("aria-label", LABELS.rename);
  form.append(field, make("button", LABELS.save, { type: "submit" }));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    await send("PATCH", `/${entry.conversation_id}`, { title: field.value }).then(fill, () => { said.textContent = LABELS["history-failed"]; });
  });
  item.replaceChildren(form);
  field.select();
};
const row = (entry) => {
  const item = make("li", "");
  const path = `/${entry.conversation_id}`;
  const link = make("a", entry.title, { href: `?c=${entry.conversation_id}` });
  if (entry.conversation_id === here()) link.setAttribute("aria-current", "page");
  const about = make("p", `${entry.updated_at.slice(0, 10)} · ${LABELS.turns.replace("{count}", entry.turns)}`);
  const tools = make("div", "");
  tools.append(
    press(entry.pinned ? LABELS.unpin : LABELS.pin, entry.title, () => send("PATCH", path, { pinned: !entry.pinned }).then(fill)),
    press(LABELS.rename, entry.title, () => renameForm(entry, item)),
    press(entry.shared ? LABELS.unshare : LABELS.share, entry.title, async () => {
      if (entry.shared) {
        await send("DELETE", `${path}/share`);
        said.textContent = LABELS.unshared;
      } else {
        const { url } = await send("POST", `${path}/share`);
        await copy(url);
        said.textContent = `${LABELS.shared} ${url}`;
      }
      await fill();
    }),
    press(LABELS.delete, entry.title, async (button) => {
      if (!button.dataset.sure) {
        button.dataset.sure = "1";
        button.textContent = LABELS["delete-sure"];
        return;
      }
      await send("DELETE", path);
      said.textContent = LABELS.deleted;
      if (entry.conversation_id === here()) location.assign(location.pathname);
      else await fill();
    }),
  );
  item.classList.toggle("pinned", entry.pinned);
  item.append(link, about, tools);
  return item;
};
let asked = 0;
const fill = async () => {
  const mine = ++asked;
  const { conversations } = await send("GET", `?q=${encodeURIComponent(search.value)}`);
  if (mine !== asked) return;  // an older search came late
  const empty = make("li", search.value ? LABELS["no-match"] : LABELS.empty, { className: "empty" });
  list.replaceChildren(...(conversations.length ? conversations.map(row) : [empty]));
};
element.addEventListener("click", (event) => {
  if (event.target.closest("[data-history]")) {
    said.textContent = "";
    dialog.showModal();
    fill().catch(() => { said.textContent = LABELS["history-failed"]; });
  } else if (event.target === dialog || event.target.closest("[data-close]")) {
    dialog.close();
  }
});
search.addEventListener("input", () => fill().catch(() => {}));

// Cases picked in this browser: kept in localStorage, compared and exported through plain links.
const LABELS = JSON.parse(document.body.dataset.labels);
const say = (key, values) => LABELS[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
const KEY = "cases.picked";
const MOST = 100;
const base = document.body.dataset.base;
const bar = document.getElementById("basket");
const told = document.getElementById("told");
const read = () => {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter((one) => typeof one?.id === "string" && typeof one?.title === "string") : [];
  } catch {
    return [];
  }
};
let picked = read();

const query = (format) => new URLSearchParams([...(format ? [["format", format]] : []), ...picked.map((one) => ["case", one.id])]);
const keep = (changed) => {
  picked = changed;
  try {
    localStorage.setItem(KEY, JSON.stringify(picked));
  } catch { /* a browser that keeps nothing still has the basket of this page */ }
  show();
};
const toggle = (id, title) => {
  const had = picked.some((one) => one.id === id);
  if (!had && picked.length >= MOST) {
    told.textContent = say("full", { most: MOST });
    return;
  }
  keep(had ? picked.filter((one) => one.id !== id) : [...picked, { id, title }]);
  told.textContent = say(had ? "dropped" : "picked", { title, count: picked.length });
};
const row = ({ id, title }) => {
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.href = `${base}/cases/${encodeURIComponent(id)}`;
  link.textContent = title;
  const drop = document.createElement("button");
  drop.type = "button";
  drop.textContent = LABELS.drop;
  drop.setAttribute("aria-label", `${LABELS.drop}: ${title}`);
  drop.addEventListener("click", () => toggle(id, title));
  item.append(link, drop);
  return item;
};
const show = () => {
  for (const button of document.querySelectorAll("[data-pick]")) {
    const inside = picked.some((one) => one.id === button.dataset.pick);
    button.setAttribute("aria-pressed", String(inside));
    button.querySelector("span").textContent = inside ? LABELS.added : LABELS.add;
  }
  bar.hidden = picked.length === 0;
  document.body.classList.toggle("picking", picked.length > 0);
  bar.querySelector("[data-count]").textContent = picked.length;
  bar.querySelector("[data-list]").replaceChildren(...picked.map(row));
  const comparable = picked.length >= 2 && picked.length <= 5;
  const compare = bar.querySelector("[data-compare]");
  if (comparable) compare.href = `${base}/compare?${query()}`;
  else compare.removeAttribute("href");
  compare.setAttribute("aria-disabled", String(!comparable));
  bar.querySelector("[data-hint]").hidden = comparable;
  for (const link of bar.querySelectorAll("[data-export]")) link.href = `${base}/export/cases?${query(link.dataset.export)}`;
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-pick]");
  if (button) toggle(button.dataset.pick, button.dataset.title);
});
bar.querySelector("[data-clear]").addEventListener("click", () => {
  keep([]);
  told.textContent = LABELS.cleared;
});
// Another tab may have picked; a page from the browser's own cache has not seen what was picked since.
const again = () => { picked = read(); show(); };
// A menu closes when something else is pressed.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll(".export[open]")) if (!menu.contains(event.target)) menu.open = false;
});
addEventListener("storage", again);
addEventListener("pageshow", again);
for (const choice of document.querySelectorAll(".conditions select")) {
  choice.addEventListener("change", () => choice.form.requestSubmit());
}
show();

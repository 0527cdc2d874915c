// The dialog of one's own documents: files are sent one after the other, and the server is asked how far it is.
const own = element.querySelector("#own");
const told = own.querySelector("[role=status]");
const bar = own.querySelector("progress");
const put = (status) => {
  own.querySelector("ul").replaceChildren(...status.files.map((file) => {
    const item = document.createElement("li");
    item.classList.toggle("failed", file.error !== "");
    const name = document.createElement("strong");
    name.textContent = file.source.split("/").at(-1);
    const line = document.createElement("span");
    line.textContent = file.told;
    item.append(name, line);
    return item;
  }));
  own.querySelector("[data-own-clear]").hidden = !status.files.length;
  bar.hidden = !status.stage;
  if (status.total) bar.value = status.done / status.total;
  else bar.removeAttribute("value");
  if (status.stage) told.textContent = status.stage;
};
const ask = async (path = "", options = {}) => {
  const response = await fetch(`${BASE}own${path}`, options);
  if (!response.ok) throw new Error((await response.json()).detail ?? LABELS["own-failed"]);
  return response.status === 204 ? null : response.json();
};
let watching = false;
const follow = async () => {
  if (watching) return;
  watching = true;
  try {
    for (;;) {
      const status = await ask();
      put(status);
      if (!status.stage) {
        told.textContent = status.ready ? LABELS["own-ready"] : "";
        trigger("upload", {});
        return;
      }
      await new Promise((done) => { setTimeout(done, 500); });
    }
  } finally {
    watching = false;
  }
};
const add = async (files) => {
  for (const file of files) {
    told.textContent = `${LABELS["own-sending"]} ${file.name}`;
    bar.hidden = false;
    bar.removeAttribute("value");
    try {
      await ask(`/files?name=${encodeURIComponent(file.name)}`, { method: "POST", body: file });
    } catch (error) {
      bar.hidden = true;
      told.textContent = error.message;
      return;
    }
  }
  await follow().catch((error) => { told.textContent = error.message; });
};
const zone = own.querySelector(".drop");
for (const name of ["dragenter", "dragover", "dragleave", "drop"]) {
  zone.addEventListener(name, (event) => {
    event.preventDefault();
    zone.classList.toggle("over", name === "dragenter" || name === "dragover");
    if (name === "drop") add([...event.dataTransfer.files]);
  });
}
own.querySelector("input[type=file]").addEventListener("change", (event) => {
  add([...event.target.files]);
  event.target.value = "";
});
element.addEventListener("click", (event) => {
  if (event.target.closest("[data-own]")) {
    told.textContent = "";
    own.showModal();
    ask().then((status) => { put(status); if (status.stage) follow(); }).catch((error) => { told.textContent = error.message; });
  } else if (event.target.closest("[data-own-clear]")) {
    ask("", { method: "DELETE" }).then(follow).then(() => { told.textContent = LABELS["own-cleared"]; }).catch((error) => { told.textContent = error.message; });
  }
});

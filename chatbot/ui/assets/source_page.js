// Opens the page at the character that the address names, even where no mark begins.
const go = () => {
  const target = Number(location.hash.slice(1));
  if (!location.hash) return;
  const named = document.getElementById(location.hash.slice(1));
  if (named || !Number.isInteger(target)) {
    named?.scrollIntoView({ block: "center" });
    return;
  }
  const lines = [...document.querySelectorAll("[data-start]")];
  const line = lines.filter((one) => Number(one.dataset.start) <= target).at(-1);
  for (const other of document.querySelectorAll(".line.target")) other.classList.remove("target");
  line?.classList.add("target");
  line?.scrollIntoView({ block: "center" });
};
addEventListener("hashchange", go);
go();
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const area = Object.assign(document.createElement("textarea"), { value: button.dataset.copy });
  document.body.append(area);
  area.select();
  if (document.execCommand("copy")) {
    const before = button.textContent;
    button.textContent = button.dataset.copied;
    setTimeout(() => { button.textContent = before; }, 1600);
  }
  area.remove();
});

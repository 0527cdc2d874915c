// Opens the page at the character that the address names, even where no mark begins.
const target = Number(location.hash.slice(1));
if (location.hash && Number.isInteger(target) && !document.getElementById(String(target))) {
  const lines = [...document.querySelectorAll("[data-start]")].filter((line) => Number(line.dataset.start) <= target);
  const line = lines.at(-1);
  if (line) {
    line.classList.add("target");
    line.scrollIntoView({ block: "center" });
  }
} else if (location.hash) {
  document.getElementById(location.hash.slice(1))?.scrollIntoView({ block: "center" });
}

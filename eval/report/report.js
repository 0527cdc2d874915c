const kind = document.getElementById("kind");
if (kind) {
  kind.addEventListener("change", () => {
    for (const card of document.querySelectorAll(".case")) {
      card.hidden = kind.value !== "" && card.dataset.kind !== kind.value;
    }
  });
}

// Runs once for the header: says when the service cannot be reached, and takes it back when it can. The browser's own
// word on the network is not asked: a machine without any still reaches the service that runs on it.
const LOOK_MS = 15000;
const AGAIN_MS = 3000;
let nextLook;
const look = async () => {
  clearTimeout(nextLook);
  if (document.hidden) return;
  const reached = await fetch(`${BASE}healthz`, { cache: "no-store", signal: AbortSignal.timeout(8000) }).then((answer) => answer.ok, () => false);
  const told = reached ? "" : LABELS.offline;
  const place = element.querySelector("#offline");
  if (place.textContent !== told) place.textContent = told;
  clearTimeout(nextLook);
  nextLook = setTimeout(look, reached ? LOOK_MS : AGAIN_MS);
};
for (const name of ["online", "offline"]) window.addEventListener(name, look);
document.addEventListener("visibilitychange", look);
nextLook = setTimeout(look, LOOK_MS);

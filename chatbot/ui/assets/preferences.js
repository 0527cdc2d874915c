// Language, brightness and size of type: in cookies, so that every page comes as it was chosen.
const cookie = (name) => new Map(document.cookie.split("; ").map((one) => one.split("="))).get(`gov_case_${name}`) ?? "";
const setUpPreferences = (root, changeLanguage) => {
  const dialog = root.querySelector("#prefs");
  const form = dialog.querySelector("form");
  const html = document.documentElement;
  const apply = () => {
    for (const name of ["theme", "size"]) {
      if (cookie(name)) html.dataset[name] = cookie(name);
      else delete html.dataset[name];
    }
    // Gradio's own parts go by a class on the body.
    const dark = cookie("theme") ? cookie("theme") === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    if (document.querySelector(".gradio-container")) document.body.classList.toggle("dark", dark);
  };
  for (const field of form.elements) {
    if (field.type === "checkbox") field.checked = (cookie(field.name) === field.value) !== (field.dataset.inverse !== undefined);
    else if (field.name !== "lang") field.value = cookie(field.name);
  }
  form.addEventListener("change", ({ target }) => {
    const on = target.checked !== (target.dataset.inverse !== undefined);
    const value = target.type === "checkbox" ? (on ? target.value : "") : target.value;
    document.cookie = `gov_case_${target.name}=${value}; Path=/; Max-Age=${value ? 34560000 : 0}; SameSite=Lax`;
    if (target.name === "lang") changeLanguage(value);
    apply();
  });
  root.addEventListener("click", (event) => {
    if (event.target.closest("[data-prefs]")) dialog.showModal();
    else if (event.target.matches("dialog.sheet") || event.target.closest(".sheet [data-close]")) event.target.closest("dialog").close();
  });
  apply();
};
if (document.currentScript) setUpPreferences(document, () => location.reload());

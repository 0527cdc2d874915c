/** Writes the script tag that the form describes. */
const form = document.getElementById("choices");
const snippet = document.getElementById("snippet");
const DEFAULTS = { color: "#123f80" };
const SPAN = "[월화수목금토일](-[월화수목금토일])? \\d\\d:\\d\\d-\\d\\d:\\d\\d";
form.elements.hours.pattern = `${SPAN}(, ?${SPAN})*`;

const escaped = (text) => text.replace(/[&"<>]/g, (one) => `&#${one.charCodeAt(0)};`);
const dashed = (name) => name.replace(/[A-Z]/g, (one) => `-${one.toLowerCase()}`);

function write() {
  const given = [...new FormData(form)].filter(([name, value]) => value && value !== DEFAULTS[name] && form.elements[name].validity.valid);
  const data = given.map(([name, value]) => ` data-${dashed(name)}="${escaped(value)}"`).join("");
  snippet.textContent = `<script src="${new URL("../widget.js", location.href).href}"${data} async></script>`;
  const [r, g, b] = [1, 3, 5].map((place) => {
    const value = parseInt(form.elements.color.value.slice(place, place + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  const readable = 1.05 / (0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05) >= 4.5;
  document.getElementById("contrast").textContent = readable
    ? ""
    : "이 색 위에서는 흰 글씨를 읽기 어렵습니다. 더 짙은 색을 골라 주십시오. 지금 색은 쓰이지 않습니다.";
}

form.addEventListener("input", write);
form.addEventListener("change", (event) => event.target.reportValidity());
form.addEventListener("submit", (event) => event.preventDefault());
document.getElementById("copy").addEventListener("click", async () => {
  const said = document.getElementById("copied");
  try {
    await navigator.clipboard.writeText(snippet.textContent);
    said.textContent = "복사했습니다.";
  } catch {
    getSelection().selectAllChildren(snippet);
    said.textContent = "복사하지 못했습니다. 선택된 글을 Ctrl+C로 복사해 주십시오.";
  }
});
write();

// Built from src by `python -m chatbot.widget.build`.
(() => {
"use strict";
const LABELS = {"ko":{"name":"챗봇에게 물어보기","open":"챗봇 열기","close":"닫기","conversation":"대화 내용","question":"질문","placeholder":"질문을 적어 주십시오","send":"보내기","stop":"멈추기","stopped":"답변을 멈췄습니다.","other":"English","otherLang":"en","easy":"쉬운 말","easyOn":"쉬운 말로 보여 드립니다.","easyOff":"쉬운 말을 껐습니다.","words":"낱말 풀이","erase":"대화 지우기","eraseAsk":"이 대화를 모두 지울까요?","eraseYes":"지우기","eraseNo":"그대로 두기","erased":"대화를 지웠습니다.","greeting":"안녕하세요. 정부 문서에서 답을 찾아 출처와 함께 알려 드립니다.","suggestions":"이렇게 물어보실 수 있습니다","noticeTitle":"시작하기 전에 읽어 주십시오","notice":"주민등록번호, 전화번호, 계좌번호 같은 개인정보는 적지 말아 주십시오. 대화는 이 창에만 잠시 남고, 창을 닫거나 ‘대화 지우기’를 누르면 사라집니다. 답은 자료의 문장으로 만들며, 중요한 결정은 담당 부서에 확인해 주십시오.","privacy":"개인정보 처리방침","agree":"확인했습니다","you":"질문","bot":"답변","working":"답을 찾고 있습니다","answered":"답변이 나왔습니다.","source":"출처","sources":"출처 {n}건","original":"원문 보기","newer":"‘{title}’ 문서는 새 판입니다(이전 판: {former}).","newWindow":"새 창","contact":"문의할 곳","nearest":"가까운 사례","followUps":"이어서 물어보기","good":"도움이 되었습니다","bad":"도움이 되지 않았습니다","thanks":"의견을 보냈습니다. 고맙습니다.","listen":"소리 내어 읽기","listenStop":"읽기 멈추기","offline":"인터넷 연결이 끊겼습니다. 적으신 질문은 그대로 두었습니다. 연결되면 다시 보내 주십시오.","online":"다시 연결되었습니다.","unreachable":"챗봇 서버에 연결하지 못했습니다. 잠시 뒤 다시 시도해 주십시오.","failed":"답을 만들지 못했습니다. 잠시 뒤 다시 시도해 주십시오.","retry":"다시 보내기","partial":"물어보신 것 가운데 일부만 자료에서 확인했습니다.","understood":"‘{q}’(으)로 이해했습니다.","desk":"담당자 연결","hours":"상담 시간: {hours}","outOfHours":"지금은 상담 시간이 아닙니다({hours}). 챗봇은 지금도 답해 드립니다.","days":["일","월","화","수","목","금","토"],"speak":"말로 묻기","speakStop":"듣기 멈추기","listening":"듣고 있습니다. 말씀해 주십시오.","heard":"적은 내용을 확인하고 보내 주십시오.","speakAsk":"말로 물으시면 브라우저를 만든 회사의 서버에서 소리를 글로 바꿀 수 있습니다. 개인정보는 말하지 말아 주십시오. 계속할까요?","speakYes":"계속하기","speakNo":"글로 적기","speakDenied":"마이크를 쓸 수 없습니다. 브라우저의 마이크 권한을 확인하시거나 글로 적어 주십시오.","speakSilent":"말소리를 듣지 못했습니다. 다시 말씀하시거나 글로 적어 주십시오.","speakFailed":"이 브라우저에서는 말로 물을 수 없습니다. 글로 적어 주십시오."},"en":{"name":"Ask the chatbot","open":"Open the chatbot","close":"Close","conversation":"Conversation","question":"Question","placeholder":"Type your question","send":"Send","stop":"Stop","stopped":"The answer was stopped.","other":"한국어","otherLang":"ko","easy":"Plain words","easyOn":"Hard words are explained now.","easyOff":"Hard words are not explained any more.","words":"Words explained","erase":"Delete conversation","eraseAsk":"Delete this whole conversation?","eraseYes":"Delete","eraseNo":"Keep","erased":"The conversation was deleted.","greeting":"Hello. I look for answers in government documents and show where they come from. The documents are in Korean.","suggestions":"You could ask","noticeTitle":"Please read this first","notice":"Do not enter personal data such as registration, phone or account numbers. The conversation stays in this window only and is gone when you close it or press “Delete conversation”. Answers are made of sentences of the documents; please confirm important decisions with the office in charge.","privacy":"Privacy policy","agree":"I have read this","you":"Question","bot":"Answer","working":"Looking for an answer","answered":"The answer is here.","source":"Source","sources":"{n} sources","original":"Open the document","newer":"‘{title}’ is a newer edition of {former}.","newWindow":"new window","contact":"Whom to ask","nearest":"Related cases","followUps":"Ask next","good":"This helped","bad":"This did not help","thanks":"Thank you for your opinion.","listen":"Read aloud","listenStop":"Stop reading","offline":"You are offline. Your question is kept; please send it again when you are connected.","online":"You are connected again.","unreachable":"The chatbot cannot be reached. Please try again in a moment.","failed":"No answer could be made. Please try again in a moment.","retry":"Send again","partial":"Only a part of what you asked is in the documents.","understood":"Understood as “{q}”.","desk":"Talk to a person","hours":"Hours: {hours}","outOfHours":"The office is closed now ({hours}). The chatbot still answers.","days":["Sun","Mon","Tue","Wed","Thu","Fri","Sat"],"speak":"Ask by voice","speakStop":"Stop listening","listening":"Listening. Please speak.","heard":"Please check the text and send it.","speakAsk":"If you ask by voice, a server of your browser's maker may turn the sound into text. Please do not say personal data. Continue?","speakYes":"Continue","speakNo":"Type instead","speakDenied":"The microphone cannot be used. Please check the permission in your browser, or type.","speakSilent":"Nothing was heard. Please speak again, or type.","speakFailed":"This browser cannot take questions by voice. Please type."}};
const CSS = ":host {\n--accent: #123f80; --ink: #16202e; --soft: #4d5a70; --line: #c9d3e0; --ground: #f3f6fa; --paper: #fff; --tint: #eaf1fb;\nall: initial; position: fixed; right: 20px; bottom: 20px; z-index: 2147483000; color: var(--ink);\nfont: 16px/1.65 Pretendard, \"Apple SD Gothic Neo\", \"Malgun Gothic\", \"Noto Sans KR\", \"Noto Sans CJK KR\", system-ui, sans-serif;\nword-break: keep-all; overflow-wrap: anywhere; color-scheme: light;\n}\n:host(.left) { right: auto; left: 20px; }\n*, *::before, *::after { box-sizing: border-box; }\n[hidden] { display: none !important; }\np, h2, h3, ul, dl, dd, blockquote { margin: 0; padding: 0; }\nul { list-style: none; }\nbutton, textarea { font: inherit; color: inherit; }\nbutton { cursor: pointer; }\n:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }\n.sr { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }\n.icon { flex: none; width: 22px; height: 22px; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }\n.launcher {\ndisplay: flex; align-items: center; gap: 8px; min-height: 56px; padding: 0 20px; border: 2px solid #fff; border-radius: 28px;\nbackground: var(--accent); color: #fff; font-weight: 600; box-shadow: 0 4px 16px rgb(11 42 86 / .3);\n}\n.panel {\ndisplay: flex; flex-direction: column; width: 400px; height: min(680px, calc(100vh - 40px)); overflow: hidden;\nbackground: var(--ground); border: 1px solid var(--line); border-radius: 16px; box-shadow: 0 12px 40px rgb(11 42 86 / .28);\n}\nheader {\ndisplay: flex; flex-wrap: wrap; align-items: center; gap: 4px 8px; padding: 10px 12px 10px 18px;\nbackground: var(--accent); color: #fff;\n}\nh2 { flex: 1 1 120px; font-size: 17px; font-weight: 700; line-height: 1.35; }\n.tools { display: flex; gap: 2px; margin-left: auto; }\n.tool {\ndisplay: grid; place-items: center; min-width: 40px; min-height: 40px; padding: 0 8px; border: 1px solid transparent; border-radius: 8px;\nbackground: none; color: #fff; font-size: 14px; font-weight: 600;\n}\n.tool:hover { background: rgb(255 255 255 / .16); }\n.tool[aria-pressed=\"true\"] { background: #fff; color: var(--accent); }\nheader :focus-visible { outline-color: #fff; outline-offset: -3px; }\nheader .tool[aria-pressed=\"true\"]:focus-visible { outline-color: var(--accent); }\n.banner:empty { display: none; }\n.banner, .confirm { padding: 10px 18px; background: #fff6e0; border-bottom: 1px solid #e3c27a; color: #5c3a00; font-size: 15px; }\n.confirm { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; }\n.confirm p, .confirm ul { flex: 1 1 100%; }\n.confirm p:first-child { font-weight: 700; }\n.confirm .note { color: inherit; }\n.log { flex: 1; overflow-y: auto; padding: 18px; overscroll-behavior: contain; }\n.log:focus-visible { outline-offset: -3px; }\n.welcome .note { margin-top: 8px; padding-top: 8px; border-top: 1px solid var(--line); }\n.welcome, .answer, .notice {\npadding: 12px 16px; background: var(--paper); border: 1px solid var(--line); border-radius: 4px 14px 14px 14px;\n}\n.notice { margin-top: 12px; border-radius: 14px; }\n.notice h3 { font-size: 16px; }\n.notice p { margin: 6px 0 10px; font-size: 15px; }\n.agree, .retry, .yes, .no {\nmin-height: 44px; padding: 0 18px; border: 1px solid var(--accent); border-radius: 8px; background: var(--paper); color: var(--accent); font-weight: 600;\n}\n.agree, .yes { background: var(--accent); color: #fff; }\n.agree { width: 100%; }\n.first, .turn { margin-top: 16px; }\n.head { margin: 14px 0 6px; font-size: 14px; font-weight: 700; color: var(--soft); }\n.first .head { margin-top: 0; }\n.questions { display: grid; gap: 8px; }\n.ask {\nwidth: 100%; min-height: 44px; padding: 8px 14px; text-align: left; background: var(--paper); color: var(--accent);\nborder: 1px solid var(--line); border-radius: 10px; font-size: 15px; font-weight: 500; line-height: 1.5;\n}\n.ask:hover { background: var(--tint); border-color: var(--accent); }\n.turn { scroll-margin-top: 8px; }\n.asked { display: flex; justify-content: flex-end; margin-bottom: 10px; }\n.asked p {\nmax-width: 85%; padding: 9px 15px; background: var(--accent); color: #fff; border-radius: 14px 14px 4px 14px; white-space: pre-wrap;\n}\n.answer { display: grid; gap: 8px; grid-template-columns: minmax(0, 1fr); }\n.coming { white-space: pre-wrap; }\n.coming:empty { display: none; }\n.working { color: var(--soft); font-size: 15px; }\n.working::before {\ncontent: \"\"; display: inline-block; width: 12px; height: 12px; margin-right: 8px; vertical-align: -1px;\nborder: 2px solid var(--accent); border-right-color: transparent; border-radius: 50%; animation: turn 1s linear infinite;\n}\n@keyframes turn { to { transform: rotate(1turn); } }\n.note { font-size: 14px; color: var(--soft); }\n.error { color: #9c1c1c; font-size: 15px; }\n.short { font-size: 20px; font-weight: 700; color: var(--accent); line-height: 1.4; }\n.list { display: grid; gap: 6px; padding-left: 18px; list-style: disc; }\n.kept { white-space: nowrap; }\n.cite {\ndisplay: inline-grid; place-items: center; min-width: 28px; height: 28px; margin: 0 2px; padding: 0 6px; vertical-align: 1px;\nborder: 1px solid var(--accent); border-radius: 7px; background: var(--tint); color: var(--accent); font-size: 14px; font-weight: 700; line-height: 1;\n}\n.cite[aria-expanded=\"true\"] { background: var(--accent); color: #fff; }\n.quote { margin: 8px 0; padding: 10px 14px; border-left: 4px solid var(--accent); border-radius: 0 10px 10px 0; background: var(--tint); font-size: 15px; }\n.title { font-weight: 700; }\n.about { display: block; color: var(--soft); font-size: 14px; }\nblockquote { margin: 6px 0; white-space: pre-wrap; }\na { display: inline-flex; align-items: center; gap: 6px; min-height: 28px; color: var(--accent); font-weight: 600; text-underline-offset: 3px; }\n.cases, .contacts { display: grid; gap: 6px; font-size: 15px; }\n.contacts li { display: flex; flex-wrap: wrap; align-items: center; gap: 2px 12px; }\n.call { min-height: 44px; }\n.call .icon { width: 18px; height: 18px; }\n.opinion { display: flex; flex-wrap: wrap; align-items: center; gap: 6px; padding-top: 6px; border-top: 1px solid var(--line); }\n.rate { display: grid; place-items: center; width: 40px; height: 40px; border: 1px solid var(--line); border-radius: 8px; background: var(--paper); color: var(--soft); }\n.rate[aria-pressed=\"true\"] { background: var(--accent); border-color: var(--accent); color: #fff; }\n.rate .icon { width: 20px; height: 20px; }\n.said { font-size: 14px; color: var(--soft); }\n.words { padding: 2px 14px 12px; border-radius: 10px; background: #f4f0e4; font-size: 15px; }\n.words .head { color: #5c4a14; }\ndt { font-weight: 700; }\ndd { margin-bottom: 4px; }\nform { display: flex; align-items: flex-end; gap: 8px; padding: 12px; background: var(--paper); border-top: 1px solid var(--line); }\ntextarea {\nflex: 1; min-width: 0; min-height: 48px; padding: 10px 14px; resize: none; border: 1px solid #76839a; border-radius: 10px; background: var(--paper); line-height: 1.6;\n}\ntextarea::placeholder { color: var(--soft); opacity: 1; }\n.mic { display: grid; place-items: center; flex: none; width: 48px; height: 48px; border: 1px solid #76839a; border-radius: 10px; background: var(--paper); color: var(--accent); }\n.mic[aria-pressed=\"true\"] { background: #9c1c1c; border-color: #9c1c1c; color: #fff; }\n.send { display: grid; place-items: center; flex: none; width: 48px; height: 48px; border: 0; border-radius: 10px; background: var(--accent); color: #fff; }\n@media (max-width: 480px), (max-height: 480px) {\n:host([data-state=\"open\"]) { inset: 0; }\n.panel { width: 100%; height: 100%; border: 0; border-radius: 0; }\n}\n/* A page at 400 % is as low as this: the whole panel scrolls, or there would be no room to read. */\n@media (max-height: 400px) {\n.panel { display: block; overflow-y: auto; }\n.log { overflow: visible; }\n.banner, .confirm { position: sticky; top: 0; z-index: 1; }\n}\n@media (prefers-reduced-motion: reduce) {\n.working::before { animation: none; border-right-color: var(--accent); }\n}\n@media (prefers-reduced-motion: no-preference) {\n.log { scroll-behavior: smooth; }\n}\n@media (prefers-contrast: more) {\n:host { --soft: #1d2735; --line: #16202e; --accent: #06204a; --tint: #fff; }\n}\n@media (forced-colors: active) {\n.launcher, .panel, .tool, .cite, .rate, .send, .mic, .asked p, .quote { border: 1px solid ButtonText; }\n.tool[aria-pressed=\"true\"], .cite[aria-expanded=\"true\"], .rate[aria-pressed=\"true\"] { forced-color-adjust: none; background: Highlight; color: HighlightText; }\n}\n@media print {\n:host([data-state=\"closed\"]), form, .tools, .opinion, .questions, .head:has(+ .questions) { display: none; }\n:host { position: static; }\n.panel, .log { display: block; width: auto; height: auto; overflow: visible; border: 0; box-shadow: none; }\nheader { background: none; color: #000; }\n.asked p { background: none; color: #000; border: 1px solid #000; }\n.quote[hidden] { display: block !important; }\n}";
const SVG = "http://www.w3.org/2000/svg";

const ICONS = {
  chat: "M4 5h16v11H9l-5 4z",
  close: "M6 6l12 12M18 6L6 18",
  send: "M4 12h15M13 6l6 6-6 6",
  stop: "M7 7h10v10H7z",
  trash: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13",
  up: "M7 11v9H4v-9zM7 11l4-7c2 0 2 2 1 6h7l-2 10H7",
  down: "M7 13V4H4v9zM7 13l4 7c2 0 2-2 1-6h7L17 4H7",
  phone: "M6 3h4l1 5-2 2c1 2 3 4 5 5l2-2 5 1v4c0 2-2 3-4 3C10 20 4 13 3 7c0-2 1-4 3-4z",
  mic: "M9 5a3 3 0 0 1 6 0v6a3 3 0 0 1-6 0zM5 11a7 7 0 0 0 14 0M12 18v3",
  speak: "M4 9v6h4l5 4V5L8 9zM16 9c2 2 2 4 0 6M19 6c4 4 4 8 0 12",
};

function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2),(value));
    else if (value !== false && value !== undefined && value !== null)
      element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  for (const [key, value] of Object.entries({ viewBox: "0 0 24 24", "aria-hidden": "true", class: "icon" }))
    svg.setAttribute(key, value);
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}
class Memory {
  constructor(name) {
    this.name = name;
    this.values = {};
    try {
      this.store = window.sessionStorage;
      this.values = JSON.parse(this.store.getItem(name) || "{}");
    } catch {
      this.store = null;
    }
  }

  get(key, otherwise) {
    return this.values[key] ?? otherwise;
  }

  set(key, value) {
    this.values[key] = value;
    this.save();
  }

  clear(...kept) {
    this.values = Object.fromEntries(Object.entries(this.values).filter(([key]) => kept.includes(key)));
    this.save();
  }

  save() {
    try {
      this.store?.setItem(this.name, JSON.stringify(this.values));
    } catch {
      this.store = null; // full, or refused by now
    }
  }
}
const SILENCE_MS = 45000;

async function* events(response, connection) {
  const reader =(response.body).getReader();
  const decoder = new TextDecoder();
  let held = "";
  for (;;) {
    const silence = setTimeout(() => connection.abort(), SILENCE_MS);
    const { done, value } = await reader.read().finally(() => clearTimeout(silence));
    if (done) return;
    held += decoder.decode(value, { stream: true });
    const blocks = held.split("\n\n");
    held = blocks.pop() || "";
    for (const block of blocks) {
      const event = parse(block);
      if (event) yield event;
    }
  }
}

function parse(block) {
  const fields = { id: "", event: "", data: "" };
  for (const line of block.split("\n")) {
    const [name, ...rest] = line.split(": ");
    if (name in fields) fields[(name)] += rest.join(": ");
  }
  return fields.event ? { id: fields.id, name: fields.event, data: JSON.parse(fields.data) } : null;
}
class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

class Unreachable extends Error {}

const RESUME_AFTER_MS = [500, 1500, 4000];
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

class Client {
  constructor(base, siteKey) {
    this.base = base;
    this.siteKey = siteKey;
    this.token = "";
    this.renewAt = 0;
    this.site = null;
    this.renewing = null;
  }

  async session() {
    if (this.token && Date.now() < this.renewAt) return;
    this.renewing ??= this.renew().finally(() => (this.renewing = null));
    await this.renewing;
  }

  async renew() {
    const body = { site_key: this.siteKey, ...(this.token && { token: this.token }) };
    const response = await this.send("POST", "api/v1/widget/session", { body, anonymous: true });
    this.site = await response.json();
    this.token = this.site.token;
    this.renewAt = Date.now() + this.site.expires_in * 800;
  }

  forget() {
    this.token = "";
  }

  async *ask(question, signal) {
    let last = "";
    let failures = 0;
    for (;;) {
      const connection = new AbortController();
      const abort = () => connection.abort();
      signal.addEventListener("abort", abort);
      try {
        const headers = last ? { "Last-Event-ID": last } : {};
        const response = await this.authorized("POST", "api/v1/ask/stream", {
          body: question, headers, signal: connection.signal,
        });
        for await (const event of events(response, connection)) {
          failures = 0;
          last = event.id;
          yield event;
          if (event.name === "answer" || event.name === "error") return;
        }
        throw new Unreachable();
      } catch (error) {
        if (signal.aborted) {
          if (last) this.stop(last);
          return;
        }
        if (error instanceof Refused || !last || failures >= RESUME_AFTER_MS.length) throw error;
        await pause(RESUME_AFTER_MS[failures++]);
      } finally {
        signal.removeEventListener("abort", abort);
      }
    }
  }

  stop(eventId) {
    const stream = encodeURIComponent(eventId.split(":")[0]);
    this.authorized("DELETE", `api/v1/ask/stream/${stream}`, {}).catch(() => {});
  }

  async rate(answerId, rating) {
    await this.authorized("POST", "api/v1/feedback", { body: { answer_id: answerId, rating } });
  }

  async authorized(method, path, options) {
    await this.session();
    try {
      return await this.send(method, path, options);
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== 401) throw error;
      this.forget();
      await this.session();
      return this.send(method, path, options);
    }
  }

  async send(method, path, { body, headers, signal, anonymous }) {
    let response;
    try {
      response = await fetch(this.base + path, {
        method,
        signal,
        credentials: "omit",
        cache: "no-store",
        referrerPolicy: "origin",
        headers: {
          ...(body && { "Content-Type": "application/json" }),
          ...(!anonymous && { Authorization: `Bearer ${this.token}` }),
          ...headers,
        },
        body: body && JSON.stringify(body),
      });
    } catch {
      throw new Unreachable();
    }
    if (response.ok) return response;
    const problem = await response.json().catch(() => ({}));
    throw new Refused(response.status, problem.detail || "");
  }
}
const DAYS = "일월화수목금토";
const SPAN = /^([일월화수목금토])(?:-([일월화수목금토]))? (\d\d):(\d\d)-(\d\d):(\d\d)$/;

function inKorea(now) {
  const there = new Date(now.getTime() + 9 * 3600 * 1000);
  return { day: there.getUTCDay(), minute: there.getUTCHours() * 60 + there.getUTCMinutes() };
}

function isOpen(hours, now = new Date()) {
  const spans = hours.split(",").map((span) => SPAN.exec(span.trim()));
  if (!spans.every(Boolean)) return null;
  const { day, minute } = inKorea(now);
  return spans.some((span) => {
    const [, first, last = first, ...times] =(span);
    const [from, until] = [DAYS.indexOf(first), DAYS.indexOf(last)];
    const today = from <= until ? from <= day && day <= until : day >= from || day <= until;
    const [begin, beginMinute, end, endMinute] = times.map(Number);
    return today && begin * 60 + beginMinute <= minute && minute < end * 60 + endMinute;
  });
}

function spelled(hours, names) {
  return hours.replace(/[일월화수목금토]/g, (day) => names[DAYS.indexOf(day)]);
}
const recognition = () =>(window).SpeechRecognition ||(window).webkitSpeechRecognition;

function listen(language, { heard, ended }) {
  const Recognition =(recognition());
  const listening = new Recognition();
  let error = "";
  listening.lang = language;
  listening.interimResults = true;
  listening.onresult = (event) =>
    heard([...event.results].map((result) => result[0].transcript).join("").trim());
  listening.onerror = (event) => (error = event.error === "aborted" ? "" : event.error);
  listening.onend = () => ended(error);
  listening.start();
  return () => listening.abort();
}
let ids = 0;

function reply(answer, setting) {
  const { labels } = setting;
  const answered = answer.status.startsWith("answered");
  return([
    answer.rewritten_question && h("p", { class: "note" }, labels.understood.replace("{q}", answer.rewritten_question)),
    answer.status === "answered_partial" && h("p", { class: "note" }, labels.partial),
    answer.short_answer && h("p", { class: "short" }, answer.short_answer),
    ...body(answer, setting),
    ...editions(answer, setting),
    setting.easy && words(answer.text, setting),
    answer.nearest_cases.length > 0 && nearest(answer, setting),
    (!answered || answer.contacts.length > 0) && contacts(answer, setting),
    answered && opinion(answer, setting),
    answer.follow_ups.length > 0 && h("p", { class: "head" }, labels.followUps),
    answer.follow_ups.length > 0 && questions(answer.follow_ups, setting.ask),
  ].filter(Boolean));
}

function questions(texts, ask) {
  const item = (text) =>
    h("li", {}, h("button", { type: "button", class: "ask", lang: "ko", onclick: () => ask(text) }, text));
  return h("ul", { class: "questions" }, ...texts.map(item));
}

function spoken(answer) {
  return [answer.short_answer, answer.text.replace(/\[\d{1,3}\]/g, "")].filter(Boolean).join(". ");
}

function lines(text, easy) {
  const all = text.split("\n").filter((line) => line.trim());
  return easy ? all.flatMap((line) => line.split(/(?<=[다요죠][.!?](?:\[\d{1,3}\])*)\s+/)) : all;
}

function body(answer, setting) {
  const blocks = [];
  let list = null;
  for (const line of lines(answer.text, setting.easy)) {
    if (line.startsWith("근거:")) continue; // the sources are listed as cards
    const item = /^\s*(?:[-*•]|\d{1,3}[.)])\s+/.exec(line);
    if (!item) list = null;
    else if (!list) blocks.push((list = h("ul", { class: "list" })));
    const shelf = h("div", {});
    const words = marked(item ? line.slice(item[0].length) : line, answer, shelf, setting);
    if (list) list.append(h("li", {}, ...words, shelf));
    else blocks.push(h("div", {}, h("p", {}, ...words), shelf));
  }
  for (const block of blocks) block.lang = "ko"; // the documents are Korean whatever the labels are
  return blocks;
}

function marked(line, answer, shelf, setting) {
  const pieces = [];
  let kept = null;
  for (const [place, part] of line.split(/\[(\d{1,3})\]/).entries()) {
    if (place % 2 === 0) {
      if (part) pieces.push(part);
      if (part) kept = null;
      continue;
    }
    const citation = answer.citations.find((one) => one.number === Number(part));
    if (!citation) continue;
    if (!kept) {
      const before = pieces.length ? String(pieces.pop()) : "";
      const word = before.slice(before.lastIndexOf(" ") + 1);
      kept = h("span", { class: "kept" }, word);
      pieces.push(before.slice(0, before.length - word.length), kept);
    }
    kept.append(mark(citation, shelf, setting));
  }
  return pieces;
}

function mark(citation, shelf, { labels, base }) {
  const id = `quote-${++ids}`;
  const about = [citation.agency, citation.year, citation.page && `p. ${citation.page}`].filter(Boolean).join(" · ");
  const card = h("div", { class: "quote", id, hidden: true },
    h("p", { class: "title" }, citation.case_title),
    about && h("p", { class: "about" }, about),
    h("blockquote", {}, citation.quote),
    link(base + citation.url.replace(/^\//, ""), labels.original, labels));
  const button = h("button", {
    type: "button", class: "cite", "aria-expanded": "false", "aria-controls": id,
    "aria-label": `${labels.source} ${citation.number}: ${citation.case_title}`,
    onclick: () => {
      card.hidden = !card.hidden;
      button.setAttribute("aria-expanded", String(!card.hidden));
    },
  }, String(citation.number));
  shelf.append(card);
  return button;
}

function editions(answer, { labels }) {
  const cited = new Map(answer.citations.map((one) => [one.document_id, one]));
  return [...cited.values()].filter((one) => one.replaces.length).map((one) =>
    h("p", { class: "note" },
      labels.newer.replace("{title}", () => one.case_title).replace("{former}", () => one.replaces.join(", "))));
}

function link(address, text, labels) {
  return h("a", { href: address, target: "_blank", rel: "noopener" }, text,
    h("span", { class: "sr" }, ` (${labels.newWindow})`));
}

function nearest(answer, { labels, base }) {
  const item = (one) =>
    h("li", { lang: "ko" }, link(base + one.url.replace(/^\//, ""), one.title, labels),
      h("span", { class: "about" }, [one.agency, one.year].filter(Boolean).join(" · ")));
  return h("section", {}, h("p", { class: "head" }, labels.nearest), h("ul", { class: "cases" }, ...answer.nearest_cases.map(item)));
}

function contacts(answer, { labels, site, outOfHours }) {
  const [list, note] = answer.contacts.length ? [people(answer.contacts), ""] : [desk(site), outOfHours];
  return list && h("section", {}, h("p", { class: "head" }, labels.contact), list, note && h("p", { class: "note" }, note));
}

function desk(site) {
  const { contact } = site || {};
  return contact && (contact.phone || contact.department) ? people([contact]) : null;
}

function people(known) {
  const item = (one) =>
    h("li", { lang: "ko" }, [one.department, one.name, one.role].filter(Boolean).join(" "),
      one.phone && h("a", { href: `tel:${one.phone.replace(/[^\d+]/g, "")}`, class: "call" }, icon("phone"), one.phone));
  return h("ul", { class: "contacts" }, ...known.slice(0, 3).map(item));
}

function opinion(answer, { labels, rate }) {
  const said = h("span", { class: "said", role: "status" });
  const buttons =(["up", "down"]).map((rating) =>
    h("button", {
      type: "button", class: "rate", "aria-pressed": "false", "aria-label": rating === "up" ? labels.good : labels.bad,
      onclick: async (event) => {
        const pressed =(event.currentTarget);
        try {
          await rate(answer.answer_id, rating);
        } catch {
          said.textContent = labels.unreachable;
          return;
        }
        for (const button of buttons) button.setAttribute("aria-pressed", String(button === pressed));
        said.textContent = labels.thanks;
      },
    }, icon(rating)));
  return h("div", { class: "opinion" }, ...buttons, ...speech(answer, labels), said);
}

function speech(answer, labels) {
  const voice = window.speechSynthesis?.getVoices().find((one) => one.lang.startsWith("ko") && one.localService);
  if (!voice) return [];
  const button = h("button", {
    type: "button", class: "rate", "aria-pressed": "false", "aria-label": labels.listen,
    onclick: () => {
      const reading = button.getAttribute("aria-pressed") === "true";
      speechSynthesis.cancel();
      button.setAttribute("aria-pressed", String(!reading));
      button.setAttribute("aria-label", reading ? labels.listen : labels.listenStop);
      if (reading) return;
      const words = new SpeechSynthesisUtterance(spoken(answer));
      words.voice = voice;
      words.lang = "ko-KR";
      words.onend = () => {
        button.setAttribute("aria-pressed", "false");
        button.setAttribute("aria-label", labels.listen);
      };
      speechSynthesis.speak(words);
    },
  }, icon("speak"));
  return [button];
}

function words(text, { labels, site }) {
  const found = Object.entries(site?.easy_words || {}).filter(([word]) => text.includes(word));
  if (!found.length) return null;
  return h("section", { class: "words", lang: "ko" }, h("p", { class: "head" }, labels.words),
    h("dl", {}, ...found.flatMap(([word, meaning]) => [h("dt", {}, word), h("dd", {},(meaning))])));
}
class Turn {
  constructor(question, labels) {
    this.question = question;
    this.answer = null;
    this.step = h("p", { class: "working" }, labels.working);
    this.text = h("p", { class: "coming", lang: "ko" });
    this.box = h("div", { class: "answer", "aria-busy": "true" }, h("h3", { class: "sr" }, labels.bot), this.step, this.text);
    this.element = h("article", { class: "turn" },
      h("div", { class: "asked" }, h("h3", { class: "sr" }, labels.you), h("p", {}, question)), this.box);
  }

  add(text) {
    this.step.hidden = true;
    this.text.textContent += text.replace(/\[\d{1,3}\]/g, "");
  }

  working(message) {
    this.step.textContent = message;
  }

  finish(...content) {
    this.box.setAttribute("aria-busy", "false");
    this.box.replaceChildren(this.box.children[0], ...content);
  }
}
const MAX_QUESTION_CHARS = 1000;
const TURNS_OF_HISTORY = 3;
const RETRY_MS = 5000;
const MAX_RETRY_MS = 300000;


class GovChat extends HTMLElement {
  setUp(options) {
    this.options = options;
    this.memory = new Memory(`gov-chat ${options.siteKey}`);
    this.client = new Client(options.base, options.siteKey);
    this.language = this.memory.get("language", options.lang === "en" ? "en" : "ko");
    this.easy = this.memory.get("easy", false);
    this.turns = [];
    this.answering = null;
    this.stopListening = null;
    this.retryMs = RETRY_MS;
    this.warned = false;
    window.speechSynthesis?.getVoices(); // browsers load them at the first call, and have them at the next
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [sheet(CSS), sheet(colours(options.color))];
    this.classList.toggle("left", options.position === "left");
    this.dataset.state = "closed";
    this.draw();
    return this;
  }

  connectedCallback() {
    this.online = () => this.connection(true);
    this.offline = () => this.connection(false);
    window.addEventListener("online", this.online);
    window.addEventListener("offline", this.offline);
  }

  disconnectedCallback() {
    window.removeEventListener("online", this.online);
    window.removeEventListener("offline", this.offline);
    this.answering?.abort();
    this.quiet();
    clearTimeout(this.again);
  }

  get labels() {
    return LABELS[this.language];
  }

  get name() {
    return this.options.name || (this.client.site?.name ?? "") || this.labels.name;
  }

  get hours() {
    return this.options.hours || this.client.site?.hours || "";
  }

  get outOfHours() {
    const { labels } = this;
    return isOpen(this.hours) === false ? labels.outOfHours.replace("{hours}", spelled(this.hours, labels.days)) : "";
  }

  draw() {
    const { labels } = this;
    this.lang = this.language;
    this.launcher = h("button", {
      type: "button", class: "launcher", "aria-haspopup": "dialog", "aria-expanded": "false", onclick: () => this.open(),
    }, icon("chat"), h("span", {}, this.options.name || labels.name));
    this.heading = h("h2", { id: "name" }, this.name);
    this.banner = h("p", { class: "banner", role: "status" });
    this.asking = h("div", { class: "confirm", hidden: true });
    this.log = h("div", { class: "log", role: "log", "aria-live": "off", "aria-label": labels.conversation, tabindex: "0" });
    this.announcer = h("div", { class: "sr", role: "status", "aria-live": "polite" });
    this.panel = h("section", {
      class: "panel", role: "dialog", "aria-labelledby": "name", hidden: true,
      onkeydown: (event) => this.key(event),
    }, this.header(), this.banner, this.asking, this.log, this.announcer, this.composer());
(this.shadowRoot).replaceChildren(this.launcher, this.panel);
    this.fill();
    if (!navigator.onLine) this.connection(false);
  }

  header() {
    const { labels } = this;
    this.easyButton = h("button", {
      type: "button", class: "tool", "aria-pressed": String(this.easy), onclick: () => this.toggleEasy(),
    }, labels.easy);
    this.deskButton = h("button", {
      type: "button", class: "tool", "aria-label": labels.desk, title: labels.desk, onclick: () => this.showDesk(),
    }, icon("phone"));
    this.eraseButton = h("button", {
      type: "button", class: "tool", "aria-label": labels.erase, title: labels.erase, onclick: () => this.confirmErase(),
    }, icon("trash"));
    return h("header", {}, this.heading,
      h("div", { class: "tools" }, this.easyButton,
        h("button", { type: "button", class: "tool", lang: labels.otherLang, onclick: () => this.setLanguage(labels.otherLang) }, labels.other),
        this.deskButton, this.eraseButton,
        h("button", { type: "button", class: "tool", "aria-label": labels.close, title: labels.close, onclick: () => this.close() }, icon("close"))));
  }

  composer() {
    const { labels } = this;
    this.box =(h("textarea", {
      id: "question", rows: "1", maxlength: MAX_QUESTION_CHARS, placeholder: labels.placeholder, enterkeyhint: "send",
      oninput: () => this.keepDraft(),
      onkeydown: (event) => {
        if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) {
          event.preventDefault();
          this.send();
        }
      },
    }));
    this.box.value = this.memory.get("draft", "");
    this.mic = h("button", {
      type: "button", class: "mic", "aria-label": labels.speak, title: labels.speak, "aria-pressed": "false",
      hidden: !recognition() || this.options.voice === "off", onclick: () => this.speak(),
    }, icon("mic"));
    this.button = h("button", { type: "submit", class: "send", "aria-label": labels.send }, icon("send"));
    this.form = h("form", {
      onsubmit: (event) => {
        event.preventDefault();
        if (this.answering) this.answering.abort();
        else this.send();
      },
    }, h("label", { for: "question", class: "sr" }, labels.question), this.box, this.mic, this.button);
    return this.form;
  }

  fill() {
    const { labels, memory, options } = this;
    const agreed = memory.get("agreed", false);
    const privacy = options.privacyUrl || this.client.site?.privacy_url;
    const { outOfHours } = this;
    this.form.hidden = !agreed;
    this.deskButton.hidden = !desk(this.client.site);
    this.log.replaceChildren(h("div", { class: "welcome" }, h("p", {}, options.greeting || labels.greeting),
      outOfHours && h("p", { class: "note" }, outOfHours)));
    if (!agreed) {
      this.log.append(h("section", { class: "notice", "aria-labelledby": "notice" },
        h("h3", { id: "notice" }, labels.noticeTitle), h("p", {}, labels.notice),
        privacy && h("p", {}, h("a", { href: privacy, target: "_blank", rel: "noopener" }, labels.privacy)),
        h("button", { type: "button", class: "agree", onclick: () => this.agree() }, labels.agree)));
      return;
    }
    const suggestions = this.client.site?.suggestions || [];
    if (suggestions.length && !memory.get("turns", []).length)
      this.log.append(h("section", { class: "first" }, h("p", { class: "head" }, labels.suggestions),
        questions(suggestions, (text) => this.ask(text))));
    this.turns = memory.get("turns", []).map((kept) => {
      const turn = new Turn(kept.question, labels);
      turn.answer = kept.answer;
      turn.finish(...reply(kept.answer, this.setting()));
      this.log.append(turn.element);
      return turn;
    });
  }

  setting() {
    return {
      labels: this.labels, base: this.options.base, site: this.client.site, easy: this.easy, outOfHours: this.outOfHours,
      ask: (text) => this.ask(text),
      rate: (id,rating) => this.client.rate(id, rating),
    };
  }

  async open() {
    if (this.dataset.state === "open") return;
    this.show(true);
    this.focusFirst();
    this.tell("open", {});
    if (!this.client.site) await this.greet();
  }

  async greet() {
    clearTimeout(this.again);
    try {
      await this.client.session();
    } catch (error) {
      this.trouble(error);
      return;
    }
    this.banner.textContent = "";
    this.retryMs = RETRY_MS;
    this.heading.textContent = this.name;
    if (this.answering) return; // somebody was quicker than the server
    const typing = this.shadowRoot?.activeElement === this.box;
    this.fill();
    if (!typing) this.focusFirst();
  }

  close() {
    this.quiet();
    clearTimeout(this.again);
    this.show(false);
    this.launcher.focus();
    this.tell("close", {});
  }

  show(open) {
    this.dataset.state = open ? "open" : "closed";
    this.panel.hidden = !open;
    this.launcher.hidden = open;
    this.launcher.setAttribute("aria-expanded", String(open));
  }

  focusFirst() {
    const agree =(this.log.querySelector(".agree"));
    (agree || this.box).focus();
  }

  agree() {
    this.memory.set("agreed", true);
    this.fill();
    this.box.focus();
  }

  key(event) {
    if (event.key === "Escape" && !event.isComposing) {
      event.stopPropagation();
      if (this.asking.hidden) this.close();
      else this.asked(this.asker);
    }
    // On a phone the panel is all there is to see, so focus stays in it; elsewhere the page is still there.
    if (event.key !== "Tab" || !matchMedia(FULL).matches) return;
    const stops = [...this.panel.querySelectorAll("button, textarea, a[href], [tabindex='0']")].filter(
      (one) =>(one).offsetParent !== null,
    );
    const [first, last] = [stops[0], stops[stops.length - 1]];
    const active = this.shadowRoot?.activeElement;
    if (active === (event.shiftKey ? first : last)) {
      event.preventDefault();
(event.shiftKey ? last : first).focus();
    }
  }

  keepDraft() {
    this.memory.set("draft", this.box.value);
    this.fitBox();
  }

  fitBox() {
    this.box.rows = Math.min(5, this.box.value.split("\n").length + Math.floor(this.box.value.length / 40));
  }

  send() {
    const text = this.box.value.trim();
    if (!text || this.answering) return;
    if (!navigator.onLine) {
      this.connection(false);
      return;
    }
    this.box.value = "";
    this.keepDraft();
    this.ask(text);
  }

  async ask(text) {
    if (this.answering || !this.memory.get("agreed", false)) return;
    const { labels } = this;
    const turn = new Turn(text, labels);
    this.answering = new AbortController();
    this.log.querySelector(".first")?.remove();
    this.log.append(turn.element);
    turn.element.scrollIntoView({ block: "start" });
    this.busy(true);
    this.tell("question", {});
    try {
      for await (const event of this.client.ask({ question: text, history: this.history() }, this.answering.signal)) {
        if (event.name === "status" && this.language === "ko" && event.data.message) turn.working(event.data.message);
        if (event.name === "token") turn.add(event.data.text);
        if (event.name === "error") throw new Refused(event.data.status, event.data.detail);
        if (event.name === "answer") this.answered(turn, event.data);
      }
      if (!turn.answer) turn.finish(h("p", { class: "note" }, labels.stopped));
    } catch (error) {
      this.failed(turn, error);
    } finally {
      this.answering = null;
      this.busy(false);
    }
  }

  history() {
    return this.turns.slice(-TURNS_OF_HISTORY).flatMap(({ question, answer }) => [
      { role: "user", content: question },
      { role: "assistant", content: answer.text.slice(0, 4000) },
    ]);
  }

  answered(turn, answer) {
    turn.answer = answer;
    turn.finish(...reply(answer, this.setting()));
    turn.element.scrollIntoView({ block: "start" });
    this.turns.push(turn);
    this.memory.set("turns", this.turns.map(({ question, answer }) => ({ question, answer })));
    this.announce(`${this.labels.answered} ${spoken(answer)} ${
      answer.citations.length ? this.labels.sources.replace("{n}", answer.citations.length) : ""}`);
    this.tell("answer", { answerId: answer.answer_id, status: answer.status, citations: answer.citations.length });
  }

  failed(turn, error) {
    const message = this.messageOf(error);
    turn.finish(h("p", { class: "note error" }, message), h("button", {
      type: "button", class: "retry", onclick: () => {
        turn.element.remove();
        this.ask(turn.question);
      },
    }, this.labels.retry));
    this.announce(message);
    this.tell("error", { status: error instanceof Refused ? error.status : 0 });
  }

  trouble(error) {
    this.banner.textContent = this.messageOf(error);
    this.tell("error", { status: error instanceof Refused ? error.status : 0 });
    if (!navigator.onLine) return;
    if (!this.warned)
      console.error(`gov-chat: no session for ${location.origin}. Is it among the origins of the site key?`);
    this.warned = true;
    if (!(error instanceof Unreachable) || this.dataset.state !== "open") return;
    // A line may have been back before the request had failed, so that no event will say so.
    this.again = setTimeout(() => this.greet(), this.retryMs);
    this.retryMs = Math.min(2 * this.retryMs, MAX_RETRY_MS);
  }

  messageOf(error) {
    if (error instanceof Refused) return (this.language === "ko" && error.message) || this.labels.failed;
    if (error instanceof Unreachable) return navigator.onLine ? this.labels.unreachable : this.labels.offline;
    return this.labels.failed;
  }

  busy(answering) {
    this.button.setAttribute("aria-label", answering ? this.labels.stop : this.labels.send);
    this.button.replaceChildren(icon(answering ? "stop" : "send"));
    this.classList.toggle("busy", answering);
  }

  connection(there) {
    if (!there) this.banner.textContent = this.labels.offline;
    else if (this.banner.textContent) {
      this.banner.textContent = "";
      this.announce(this.labels.online);
    }
    if (there && !this.client.site && this.dataset.state === "open") this.greet();
  }

  toggleEasy() {
    this.easy = !this.easy;
    this.memory.set("easy", this.easy);
    this.easyButton.setAttribute("aria-pressed", String(this.easy));
    for (const turn of this.turns) turn.finish(...reply(turn.answer, this.setting()));
    this.announce(this.easy ? this.labels.easyOn : this.labels.easyOff);
  }

  setLanguage(language) {
    if (this.answering || !(language in LABELS)) return;
    this.quiet();
    const open = this.dataset.state === "open";
    this.language = language;
    this.memory.set("language", language);
    this.draw();
    this.show(open);
    if (open)(this.panel.querySelectorAll(".tool")[1]).focus();
  }

  put(text, from, ...rest) {
    this.asker = from;
    this.asking.hidden = false;
    this.asking.replaceChildren(h("p", { id: "asking" }, text), ...rest);
(this.asking.querySelector("button:last-of-type")).focus();
  }

  asked(from) {
    this.asking.hidden = true;
    from.focus();
  }

  choice(name, text, act) {
    return h("button", { type: "button", class: name, "aria-describedby": "asking", onclick: act }, text);
  }

  confirmErase() {
    const { labels } = this;
    this.put(labels.eraseAsk, this.eraseButton, this.choice("yes", labels.eraseYes, () => this.erase()),
      this.choice("no", labels.eraseNo, () => this.asked(this.eraseButton)));
  }

  showDesk() {
    const { labels, hours } = this;
    const told = this.outOfHours || (isOpen(hours) && labels.hours.replace("{hours}", spelled(hours, labels.days)));
    this.put(labels.desk, this.deskButton,(desk(this.client.site)),
      ...(told ? [h("p", { class: "note" }, told)] : []), this.choice("no", labels.close, () => this.asked(this.deskButton)));
  }

  speak() {
    const { labels } = this;
    if (this.stopListening) this.stopListening();
    else if (this.memory.get("voice", false)) this.listen();
    else
      this.put(labels.speakAsk, this.mic, this.choice("yes", labels.speakYes, () => {
        this.memory.set("voice", true);
        this.asked(this.mic);
        this.listen();
      }), this.choice("no", labels.speakNo, () => this.asked(this.box)));
  }

  listen() {
    const { labels } = this;
    const before = this.box.value.trim();
    let some = false;
    this.announce(labels.listening);
    this.listeningTo(true);
    this.stopListening = listen(this.language === "ko" ? "ko-KR" : "en-US", {
      heard: (text) => {
        some = true;
        this.box.value = [before, text].filter(Boolean).join(" ").slice(0, MAX_QUESTION_CHARS);
        this.keepDraft();
      },
      ended: (error) => {
        this.stopListening = null;
        this.listeningTo(false);
        if (some) {
          this.announce(labels.heard);
          this.box.focus();
        } else if (error)
          this.announce((this.banner.textContent = { "not-allowed": labels.speakDenied, "no-speech": labels.speakSilent }[error] ?? labels.speakFailed));
      },
    });
  }

  listeningTo(listening) {
    const name = listening ? this.labels.speakStop : this.labels.speak;
    this.mic.setAttribute("aria-pressed", String(listening));
    this.mic.setAttribute("aria-label", name);
    this.mic.title = name;
    if (listening) this.banner.textContent = this.labels.listening;
    else if (this.banner.textContent === this.labels.listening) this.banner.textContent = "";
  }

  quiet() {
    this.stopListening?.();
    window.speechSynthesis?.cancel();
  }

  erase() {
    this.answering?.abort();
    this.quiet();
    this.memory.clear("agreed", "language", "easy", "voice");
    this.client.forget();
    this.turns = [];
    this.asking.hidden = true;
    this.box.value = "";
    this.fill();
    this.focusFirst();
    this.announce(this.labels.erased);
    this.tell("erase", {});
  }

  announce(text) {
    this.announcer.textContent = text;
  }

  tell(name, detail) {
    window.dispatchEvent(new CustomEvent(`gov-chat:${name}`, { detail }));
  }
}

const FULL = "(max-width: 480px), (max-height: 480px)";

function sheet(css) {
  const made = new CSSStyleSheet();
  made.replaceSync(css);
  return made;
}

function colours(color) {
  const hex = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(color || "");
  if (!hex) return "";
  const [r, g, b] = hex.slice(1).map((part) => {
    const value = parseInt(part, 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  const readable = 1.05 / (0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05) >= 4.5;
  if (!readable) console.warn(`gov-chat: white on ${color} cannot be read; the default colour is used`);
  return readable ? `:host { --accent: ${hex[0]}; }` : "";
}
const script =(document.currentScript);

function start(data, source) {
  if (!data.siteKey) {
    console.error("gov-chat: the script tag has no data-site-key");
    return;
  }
  if (customElements.get("gov-chat")) return; // the tag stands twice in the page
  customElements.define("gov-chat", GovChat);
  const chat =(document.createElement("gov-chat")).setUp({
    base: new URL(".", source).href,
    siteKey: data.siteKey,
    name: data.name,
    color: data.color,
    greeting: data.greeting,
    position: data.position,
    lang: data.lang || (document.documentElement.lang.startsWith("en") ? "en" : "ko"),
    hours: data.hours,
    voice: data.voice,
    privacyUrl: /^https?:/.test(data.privacyUrl || "") ? data.privacyUrl : "",
  });
  document.body.append(chat);
  Object.defineProperty(window, "GovChat", {
    value: Object.freeze({
      open: () => chat.open(),
      close: () => chat.close(),
      ask: async (text) => {
        await chat.open();
        await chat.ask(String(text));
      },
      erase: () => chat.erase(),
      setLanguage: (language) => chat.setLanguage(language),
    }),
  });
  chat.tell("ready", {});
}

if (script) {
  const { dataset, src } = script;
  if (document.body) start(dataset, src);
  else document.addEventListener("DOMContentLoaded", () => start(dataset, src));
}
})();

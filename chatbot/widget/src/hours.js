/** When somebody of the agency can be reached, such as "월-금 09:00-18:00, 토 10:00-13:00". Holidays are not known. */

const DAYS = "일월화수목금토";
const SPAN = /^([일월화수목금토])(?:-([일월화수목금토]))? (\d\d):(\d\d)-(\d\d):(\d\d)$/;

/** Korea's time has no summer time, whatever the clock of the reader says. @param {Date} now */
function inKorea(now) {
  const there = new Date(now.getTime() + 9 * 3600 * 1000);
  return { day: there.getUTCDay(), minute: there.getUTCHours() * 60 + there.getUTCMinutes() };
}

/** @param {string} hours @param {Date} [now] @returns {boolean | null} null where the hours say nothing */
export function isOpen(hours, now = new Date()) {
  const spans = hours.split(",").map((span) => SPAN.exec(span.trim()));
  if (!spans.every(Boolean)) return null;
  const { day, minute } = inKorea(now);
  return spans.some((span) => {
    const [, first, last = first, ...times] = /** @type {RegExpExecArray} */ (span);
    const [from, until] = [DAYS.indexOf(first), DAYS.indexOf(last)];
    const today = from <= until ? from <= day && day <= until : day >= from || day <= until;
    const [begin, beginMinute, end, endMinute] = times.map(Number);
    return today && begin * 60 + beginMinute <= minute && minute < end * 60 + endMinute;
  });
}

/** The hours with the names of the days in a language. @param {string} hours @param {string[]} names from Sunday on */
export function spelled(hours, names) {
  return hours.replace(/[일월화수목금토]/g, (day) => names[DAYS.indexOf(day)]);
}

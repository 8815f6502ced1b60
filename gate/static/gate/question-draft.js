// Composing a questionnaire: each question may depend on the answer to one before it. This script gives every
// new question its key, offers the questions before each one, and the choices of the one that was picked.
(() => {
  "use strict";
  const uuid = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  };
  const part = (row, name) => row.querySelector(`[name$="-${name}"]`);
  const lines = (text) => text.split("\n").map((line) => line.trim()).filter(Boolean);
  const withChoices = (kind) => kind === "single" || kind === "multiple";
  const show = (control, shown) => control.closest(".w-panel__wrapper").classList.toggle("w-hidden", !shown);

  const offer = (select, before, keep) => {
    const options = [new Option(select.dataset.always, "")];
    for (const row of before) options.push(new Option(`${row.number}. ${row.text}`, row.key));
    if (keep && !before.some((row) => row.key === keep)) options.push(new Option(select.dataset.gone, keep));
    select.replaceChildren(...options);
    select.value = keep;
  };

  const suggest = (input, source) => {
    let list = document.getElementById(`${input.id}-answers`);
    if (!list) {
      list = document.createElement("datalist");
      list.id = `${input.id}-answers`;
      input.after(list);
      input.setAttribute("list", list.id);
    }
    list.replaceChildren(...(source && withChoices(source.kind) ? source.choices : []).map((text) => new Option(text, text)));
  };

  const refresh = (rows) => {
    const seen = new Set();
    const before = [];
    let number = 0;
    for (const row of rows.children) {
      const deleted = part(row, "DELETE");
      if (!part(row, "key") || (deleted && deleted.value)) continue;
      number += 1;
      const key = part(row, "key");
      if (!key.value || (!part(row, "id").value && seen.has(key.value))) key.value = uuid();
      seen.add(key.value);
      const kind = part(row, "kind").value;
      show(part(row, "choices"), withChoices(kind));
      for (const bound of ["minimum", "maximum", "whole_number"]) show(part(row, bound), kind === "number");
      const select = part(row, "condition_question");
      offer(select, before, select.value);
      const source = before.find((other) => other.key === select.value);
      show(part(row, "condition_value"), select.value !== "");
      suggest(part(row, "condition_value"), source);
      if (kind !== "long_text") {
        before.push({ key: key.value, number, kind, text: part(row, "text").value, choices: lines(part(row, "choices").value) });
      }
    }
  };

  document.addEventListener("DOMContentLoaded", () => {
    const rows = document.getElementById("id_questions-FORMS");
    if (!rows) return;
    // Rows that come later (from the template) carry one and the same key until they get their own.
    const template = document.getElementById("id_questions-EMPTY_FORM_TEMPLATE");
    const common = template && part(template.content, "key");
    if (common) common.setAttribute("value", "");
    const later = () => window.setTimeout(() => refresh(rows), 0);
    new MutationObserver((changes) => {
      if (changes.some((change) => change.target === rows)) later();
    }).observe(rows, { childList: true });
    for (const event of ["input", "change", "click"]) rows.addEventListener(event, later);
    refresh(rows);
  });
})();

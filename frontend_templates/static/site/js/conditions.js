// Questions that depend on an earlier answer appear and disappear with it. The server decides by the same rule
// (gate/questions/conditions.py); without this script each of them says in words whom it is for.
(() => {
  "use strict";
  const same = (given, wanted, control) => given === wanted ||
    (control.inputMode === "decimal" && given.trim() !== "" && Number(given) === Number(wanted));
  const holds = (form, name, wanted) => {
    const controls = [...form.elements].filter((control) => control.name === name && !control.disabled);
    return controls.some((control) => control.type === "radio" || control.type === "checkbox"
      ? control.checked && control.value === wanted
      : same(control.value.trim(), wanted, control));
  };
  // A question stands after the one it depends on, so one pass in order follows chains.
  const follow = (form) => {
    for (const field of form.querySelectorAll("[data-when]")) {
      const shown = holds(form, field.dataset.when, field.dataset.whenValue);
      field.hidden = !shown;
      for (const control of field.querySelectorAll("input, select, textarea")) control.disabled = !shown;
    }
  };
  for (const form of document.querySelectorAll("form")) {
    if (!form.querySelector("[data-when]")) continue;
    for (const field of form.querySelectorAll("[data-when]")) {
      const words = field.querySelector("[id$='-when']");
      if (words) words.hidden = true;
    }
    for (const event of ["input", "change"]) form.addEventListener(event, () => follow(form));
    window.addEventListener("pageshow", () => follow(form));
    follow(form);
  }
})();

// The fields are named as the chosen profession has them; without this script their hints say who needs what.
(() => {
  "use strict";
  const words = JSON.parse(document.getElementById("profession-words")?.textContent || "{}");
  const select = document.getElementById("f-profession");
  if (!select) return;
  const follow = () => {
    for (const [name, field] of Object.entries(words[select.value] || {})) {
      const label = document.querySelector(`label[for="f-${name}"]`);
      if (!label) continue;
      label.firstChild.textContent = field.label;
      const optional = label.querySelector(".optional");
      if (optional) optional.hidden = field.required;
      const hint = document.getElementById(`f-${name}-hint`);
      if (hint) { hint.textContent = field.hint; hint.hidden = !field.hint; }
    }
  };
  select.addEventListener("change", follow);
})();

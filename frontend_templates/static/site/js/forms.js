// A form that is being sent is not sent twice; the server refuses the second one anyway.
(() => {
  "use strict";
  for (const form of document.querySelectorAll("form[method=post]")) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) { event.preventDefault(); return; }
      form.dataset.sent = "yes";
      const button = event.submitter;
      if (button) {
        button.setAttribute("aria-disabled", "true");
        if (button.dataset.sending) button.textContent = button.dataset.sending;
      }
    });
  }
  // Coming back by the browser's own button: the form may be sent again.
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) {
      delete form.dataset.sent;
      for (const button of form.querySelectorAll("[aria-disabled]")) button.removeAttribute("aria-disabled");
    }
  });
})();

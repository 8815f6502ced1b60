/* Two Stimulus controllers of the review desk, and its keys. Without them every form still works. */
(() => {
  const { Controller } = window.StimulusModule;

  /** The revealed picture: zoom, turn, move, and hide from passers-by. */
  class DeskViewer extends Controller {
    static targets = ["stage", "picture", "hide", "note"];
    static values = { turn: Number, zoom: { type: Number, default: 1 } };

    connect() {
      this.offset = { x: 0, y: 0 };
      // A reviewer who turns to another window leaves nothing open on the screen.
      this.onVisibility = () => document.hidden && this.setHidden(true);
      document.addEventListener("visibilitychange", this.onVisibility);
      const picture = this.hasPictureTarget && this.pictureTarget;
      if (picture && picture.complete) picture.naturalWidth ? this.loaded() : this.failed();
    }

    loaded() { this.noteTarget.hidden = true; }

    failed() {
      this.pictureTarget.hidden = true;
      this.noteTarget.textContent = this.noteTarget.dataset.failed;
    }

    disconnect() {
      document.removeEventListener("visibilitychange", this.onVisibility);
    }

    zoomIn() { this.zoomValue = Math.min(8, this.zoomValue * 1.4); this.draw(); }
    zoomOut() { this.zoomValue = Math.max(0.5, this.zoomValue / 1.4); this.draw(); }
    turn() { this.turnValue = (this.turnValue + 90) % 360; this.draw(); }
    fit() { this.zoomValue = 1; this.turnValue = 0; this.offset = { x: 0, y: 0 }; this.draw(); }
    toggle() { this.setHidden(!this.stageTarget.classList.contains("desk-stage--hidden")); }

    setHidden(hidden) {
      if (!this.hasPictureTarget) return;
      this.stageTarget.classList.toggle("desk-stage--hidden", hidden);
      this.hideTargets.forEach((button) => button.setAttribute("aria-pressed", String(hidden)));
    }

    move(event) {
      const step = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] }[event.key];
      if (!step) return;
      event.preventDefault();
      this.offset = { x: this.offset.x + step[0], y: this.offset.y + step[1] };
      this.draw();
    }

    grab(event) {
      event.preventDefault();
      this.held = { x: event.clientX - this.offset.x, y: event.clientY - this.offset.y };
      this.stageTarget.setPointerCapture(event.pointerId);
      this.stageTarget.classList.add("desk-stage--dragging");
    }

    drag(event) {
      if (!this.held) return;
      this.offset = { x: event.clientX - this.held.x, y: event.clientY - this.held.y };
      this.draw();
    }

    drop() {
      this.held = null;
      this.stageTarget.classList.remove("desk-stage--dragging");
    }

    draw() {
      const { x, y } = this.offset;
      const scale = this.zoomValue * this.fitting();
      this.pictureTarget.style.transform =
        `translate(${x}px, ${y}px) rotate(${this.turnValue}deg) scale(${scale})`;
    }

    /** What a picture on its side has to be scaled by to fit as it did upright. */
    fitting() {
      if (this.turnValue % 180 === 0) return 1;
      const { clientWidth: w, clientHeight: h, naturalWidth: nw, naturalHeight: nh } = this.pictureTarget;
      return Math.min(w / nh, h / nw) / Math.min(w / nw, h / nh);
    }
  }

  /** A decision sheet: opening it moves the focus in, Escape closes it, Ctrl+Enter sends it. It is sent without
   *  leaving the page: one that is refused comes back with its errors, and the picture stays as it was. */
  class DeskSheet extends Controller {
    static targets = ["first", "failure"];

    connect() { this.opened(); }

    opened() {
      if (!this.element.open) return;
      const wrong = this.element.querySelector("[aria-invalid=true]");
      const back = this.element.querySelector("[data-action='desk-sheet#close']");
      (wrong ?? (this.hasFirstTarget ? this.firstTarget : back))?.focus();
    }

    close() {
      if (!this.element.open) return;
      this.element.open = false;
      this.element.querySelector("summary").focus();
    }

    send(event) {
      if (!this.element.open) return;
      event.preventDefault();
      event.target.form?.requestSubmit();
    }

    async submit(event) {
      event.preventDefault();
      const form = event.target;
      if (this.sending) return;
      this.sending = true;
      try {
        const response = await fetch(form.action, {
          method: "POST",
          body: new FormData(form),
          headers: { "X-Desk-Sheet": "1" },
        });
        if (response.status === 422) this.showAgain(form, await response.text());
        else if (response.ok && response.headers.get("Content-Type") === "application/json") {
          window.location.assign((await response.json()).location);
          return;  // still sending: one press, one decision
        } else form.submit();  // signed out, or an error page: shown as without this script
      } catch {
        this.failureTargets.forEach((note) => { note.hidden = false; });
      }
      this.sending = false;
    }

    showAgain(form, html) {
      const page = new DOMParser().parseFromString(html, "text/html");
      form.replaceWith(document.adoptNode(page.querySelector("form")));
      this.opened();
    }
  }

  /* Wagtail's keys are off in every <input>, for the sake of typing. No text is typed into these. */
  const TYPELESS = "input:is([type=radio], [type=checkbox], [type=button], [type=submit], [type=reset])";
  document.addEventListener("focusin", ({ target }) => {
    if (target.matches(TYPELESS)) target.classList.add("mousetrap");
  });

  window.wagtail.app.register("desk-viewer", DeskViewer);
  window.wagtail.app.register("desk-sheet", DeskSheet);
})();

/* A seat of an organisation: who came for it? */

import { button, h, heading, icon, link, t } from "./dom.js";

export function mount(root, app) {
  const guest = app.people.get(app.route.argument);
  if (!guest) { location.replace(app.home()); return {}; }
  let isBusy = false;
  const input = h("input", { id: "name", class: "form-control form-control-lg", autocomplete: "off", autocapitalize: "words", maxlength: "120" });
  const fault = h("p", { class: "door-fault", id: "name-fault", hidden: true }, t("write_name"));
  async function keep(event) {
    event.preventDefault();
    const name = input.value.trim().replace(/\s+/g, " ");
    fault.hidden = Boolean(name);
    input.toggleAttribute("aria-invalid", !name);
    if (!name) { input.setAttribute("aria-describedby", "name-fault"); input.focus(); return; }
    if (isBusy) return;
    isBusy = true;
    await app.admit(app.people.get(guest.id), { name });
    isBusy = false;
  }
  root.append(
    h("div", { class: "door-head" }, link(t("back"), "chevron-left", app.home(), "btn-sm door-back"), heading(t("who_came_for", { name: guest.organisation }))),
    h("form", { class: "card door-form", novalidate: true, onsubmit: keep },
      h("div", { class: "card-body" }, h("label", { class: "form-label", for: "name" }, t("delegate_name")), input, fault),
      h("div", { class: "door-acts" }, h("button", { type: "submit", class: "btn btn-primary btn-lg" }, icon("check"), h("span", {}, t("keep_and_admit"))))));
  return { focus() { input.focus(); return true; } };
}

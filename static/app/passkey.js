// Passkeys: the library asks the device; this shows the button where there is one to ask, and says when it failed.

const place = document.querySelector("[data-passkey-failed]");
const able = "credentials" in navigator && "PublicKeyCredential" in window;

for (const button of document.querySelectorAll("#passkey-use, #passkey-add")) button.hidden = !able;
if (place && !able) say(place.dataset.passkeyMissing);

function say(text) {
  place.textContent = text;
  place.hidden = false;
}

// Somebody who closes the device's question has done nothing wrong; without this the library writes an error.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  if (place) say(place.dataset.passkeyFailed);
});

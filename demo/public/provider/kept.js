// Reads for the demo's console what the pixel keeps on this origin, and clears it when asked. Read-only
// otherwise: the pixel alone writes these. Not part of the product.
const { partnerKey, console: consoleOrigin } = document.currentScript.dataset;
const keptName = `onramp_${partnerKey}`;

function readReferral() {
  const cookie = document.cookie.split('; ').find((text) => text.startsWith(`${keptName}=`));
  // Where cookies don't work, the pixel keeps the referral under the same name in the storage.
  const raw = cookie?.slice(keptName.length + 1) ?? localStorage.getItem(keptName);
  return raw ? { raw, ...Object.fromEntries(new URLSearchParams(raw)) } : null;
}

// The key of a purchase is "<name>.<time>.<hash>"; its value is the message while it waits for its proof, and
// empty afterwards, when only the key is remembered.
function readPurchases() {
  const keys = Object.keys(localStorage).filter((key) => key.startsWith(`${keptName}.`));
  return keys.map((key) => {
    const raw = localStorage.getItem(key);
    return { key, raw, waiting: raw ? Object.fromEntries(new URLSearchParams(raw)) : null };
  });
}

function tellConsole() {
  const kept = { name: keptName, referral: readReferral(), purchases: readPurchases() };
  window.parent.postMessage({ type: 'kept', kept }, consoleOrigin);
}

function clear(name) {
  for (const domain of ['', '; domain=localhost']) {
    // biome-ignore lint/suspicious/noDocumentCookie: Firefox ESR has no Cookie Store API in pages
    document.cookie = `${name}=; path=/; max-age=0${domain}`;
  }
  for (const key of Object.keys(localStorage)) {
    if (key === name || key.startsWith(`${name}.`)) localStorage.removeItem(key);
  }
}

// Each start of the demo has a partner key of its own: what the last one kept would only pile up.
const lastName = localStorage.getItem('demo-kept-name');
if (lastName && lastName !== keptName) clear(lastName);
localStorage.setItem('demo-kept-name', keptName);

window.addEventListener('message', ({ origin, data }) => {
  if (origin !== consoleOrigin || data?.type !== 'clear') return;
  clear(keptName);
  tellConsole();
});
window.addEventListener('storage', tellConsole);
// A cookie's change has no event in every browser.
setInterval(tellConsole, 1000);
tellConsole();

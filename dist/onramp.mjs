// src/wire/fields.ts
var dayMs = 864e5;

// src/wire/paths.ts
var trackingPath = "/api/SaasTrackings";

// src/pixel/options.ts
var option;
var storageName;
var address;
var windowMs = () => (+option("windowDays") || 30) * dayMs;
var useOptions = (readOption) => {
  option = readOption;
  storageName = "onramp_" + option("partnerKey");
  address = option("endpoint").replace(/\/*$/, trackingPath);
};

// src/pixel/attempt.ts
var attempt = (call, argument) => {
  try {
    return call(argument);
  } catch (e) {
  }
};

// src/pixel/storage.ts
var storage = attempt(() => localStorage) || {};
var leaveStorage = () => {
  storage = Object.assign({}, storage);
};
var keys = () => Object.keys(storage).filter((key) => key.startsWith(storageName + "."));

// src/pixel/warn.ts
var warn = (what) => console.error("onramp: " + what);

// src/pixel/send.ts
var encode = (fields, referral, ending) => fields + "&partnerKey=" + option("partnerKey") + "&page=" + // Without query and fragment; a match is an array of one, which is its own text.
encodeURIComponent(location.href.match(/[^?#]{1,300}/)) + "&" + referral + ending;
var sendBeacon = (message) => attempt(() => navigator.sendBeacon(address, new URLSearchParams(message + Date.now())));
var sendImage = (message, key, done) => {
  const image = new Image();
  image.referrerPolicy = "origin";
  image.onerror = done;
  image.onload = () => {
    if (image.naturalWidth * image.naturalHeight == 3 && storage[key]) {
      if (image.naturalWidth > 1) storage[key] = "";
      else {
        delete storage[key];
        warn("purchase refused");
      }
    }
    if (done) done();
  };
  image.src = address + ".gif?" + message + Date.now();
};
var sendOnce = (message) => sendBeacon(message) || sendImage(message);

// src/pixel/outbox.ts
var maxEntries = 20;
var ageMs = (key) => Math.abs(Date.now() - key.split(".")[1]);
var prove = (key, done) => storage[key] && sendImage(storage[key], key, done);
var sendPurchase = async (identity, message) => {
  const ending = "." + [...identity].reduce((sum, character) => (sum * 257 + character.charCodeAt(0)) % 1e13, 0);
  const key = storageName + "." + Date.now() + ending;
  if (keys().some((other) => other.endsWith(ending) && ageMs(other) < dayMs)) return "duplicate";
  const kept = attempt(
    () => keys().filter((other) => storage[other]).length < maxEntries && (localStorage[key] = message)
  );
  if (!kept) leaveStorage();
  storage[key] = message;
  const accepted = sendBeacon(message);
  [1, 4, 16, 60].map((seconds) => setTimeout(prove, seconds * 1e3, key));
  if (!accepted)
    await {
      then(done) {
        setTimeout(done, kept ? 0 : 2e3);
        prove(key, done);
      }
    };
  return kept || accepted || !storage[key] ? "sent" : "held";
};
var proveAll = () => keys().map((key) => {
  prove(key);
  if (ageMs(key) > (storage[key] ? 7 : 1) * dayMs) delete storage[key];
});
var sendLast = () => keys().map((key) => storage[key] && sendBeacon(storage[key]));

// src/pixel/cookie.ts
var readCookie = () => (document.cookie.match("(^|; )" + storageName + "=([^;]*)") || "")[2];
var writeCookie = (text) => {
  const domain = option("cookieDomain");
  const labels = domain ? [domain] : location.hostname.split(".");
  return [...labels, ""].some((label, index) => {
    document.cookie = storageName + "=" + text + ";path=/;samesite=lax;max-age=" + windowMs() / 1e3 + // The last label, the last two, and so on; none at the end, for the host alone.
    (label && ";domain=" + labels.slice(~index).join(".")) + // The fifth letter of https: an http page can't set a Secure cookie.
    (location.href[4] == "s" ? ";secure" : "");
    return readCookie() == text;
  });
};

// src/pixel/referral.ts
var list = (text) => text.split(/[ ,]+/);
var readReferral = () => {
  const stored = new URLSearchParams(attempt(readCookie) || storage[storageName]);
  return Date.now() - stored.get("landedAt") < windowMs() ? stored : new URLSearchParams();
};
var captureReferral = () => {
  const parameters = new URLSearchParams(location.search);
  const live = readReferral().get("referral");
  const host = document.referrer.split(/[/:]+/)[1];
  const parameter = list(option("referralParam") || "onramp_ref").map((name) => parameters.get(name)).find((id2) => id2);
  const id = parameter || list(option("marketplaceHosts")).find((allowed) => ("." + host).endsWith("." + allowed)) && host;
  const landing = "" + new URLSearchParams({
    referral: id,
    referralSource: parameter ? "param" : "referrer",
    landedAt: Date.now()
  });
  if (id && id != live && !(live && option("attribution") == "first") && landing.length < 354) {
    sendOnce(encode("event=visit", landing, "&sent="));
    attempt(writeCookie, landing) || attempt(() => storage[storageName] = landing);
  }
};

// src/pixel/start.ts
var start = () => {
  attempt(captureReferral);
  proveAll();
  ["online", "pageshow", "pagehide", "visibilitychange"].map(
    (type) => addEventListener(type, () => document.hidden || type == "pagehide" ? sendLast() : proveAll())
  );
};

// src/pixel/track.ts
var purchaseFields = "serviceName customerId orderId purchasedAt amount currency sig";
var onrampTrack = (async (argument) => {
  let status = "invalid";
  let reason;
  try {
    if (typeof argument == "string") {
      const stored = readReferral();
      const id = stored.get("referral");
      return id && {
        id,
        source: stored.get("referralSource"),
        landedAt: +stored.get("landedAt")
      };
    }
    const fields = new URLSearchParams();
    let identity = "";
    let ending = "&sent=";
    const wrong = purchaseFields.split(" ").filter((name, index) => {
      let value;
      try {
        value = argument[name];
        value = value.getTime();
      } catch (e) {
      }
      const text = /str|num/.test(typeof value) && value == value && "" + value || option(name);
      if (text) fields.set(name, text.slice(0, 500));
      if (index == 2 ? text : index == 3) identity = identity || "" + fields;
      if (index == 3 && !text) {
        fields.set(name, Date.now());
        ending = "&clock=";
      }
      return index < 2 ? !text : index == 3 && text && isNaN(new Date(+text || text));
    });
    const message = encode(fields, readReferral(), ending);
    if (wrong[0]) {
      sendOnce(message);
      reason = "no valid " + wrong;
      warn(reason);
    } else status = await sendPurchase(identity, message);
  } catch (error) {
    reason = "" + error;
  }
  return { status, reason };
});

// src/pixel/index.ts
function startOnramp(options) {
  useOptions((name) => options[name] || "");
  start();
  return onrampTrack;
}
export {
  startOnramp
};

// src/wire/fields.ts
var dayMs = 864e5;

// src/wire/paths.ts
var trackingPath = "/api/SaasTrackings";

// src/pixel/options.ts
var option;
var partnerKey;
var storageName;
var address;
var windowMs;
var useOptions = (readOption) => option = readOption;
var readFixedOptions = (endpoint) => {
  address = endpoint.replace(/\/*$/, trackingPath);
  partnerKey = option("partnerKey");
  storageName = "onramp_" + partnerKey;
  windowMs = (+option("windowDays") || 30) * dayMs;
};

// src/pixel/attempt.ts
var attempt = (call, argument) => {
  try {
    return call(argument);
  } catch {
  }
};

// src/pixel/consent.ts
var allowed;
var held;
var allowByDefault = () => {
  allowed = option("consent") == "required" ? 0 : 2 - !!navigator.globalPrivacyControl;
};
var allowEverything = () => {
  allowed = 2;
};
var allowNothing = () => {
  allowed = 0;
};
var isBlocked = () => document.prerendering && document.hidden || !allowed;
var holdOnly = (action) => {
  held = [action];
};
var release = () => held.splice(0).map(attempt);

// src/pixel/cookie.ts
var readCookie = () => (
  // No other cookie's name ends in ours, which has the partner key.
  (document.cookie.match(storageName + "=([^;]*)") || "")[1]
);
var writeCookie = (text) => {
  const domain = option("cookieDomain");
  const labels = domain ? [domain] : location.hostname.split(".");
  return [...labels, ""].some((label, index) => {
    document.cookie = storageName + "=" + text + ";path=/;samesite=lax;max-age=" + // 0 for an empty text. A deleted cookie reads back as undefined, so the next domain follows.
    !!text * windowMs / 1e3 + // The last label, the last two, and so on; none at the end, for the host alone.
    (label && ";domain=" + labels.slice(~index).join(".")) + // The fifth letter of https: an http page can't set a Secure cookie.
    (location.href[4] == "s" ? ";secure" : "");
    return readCookie() == text;
  });
};

// src/pixel/storage.ts
var storage;
var useStorage = () => {
  attempt(() => Object.keys(storage = localStorage)) || (storage = {});
};
var leaveStorage = () => void (storage = { ...storage });
var keys = () => Object.keys(storage).filter((key) => key.split(storageName + ".")[1]);

// src/pixel/warn.ts
var warn = (what) => attempt(() => console.error("onramp: " + what));

// src/pixel/send.ts
var encode = (fields, ending) => (
  // Without query and fragment.
  new URLSearchParams({ partnerKey, page: location.origin + location.pathname }) + "&" + fields + ending
);
var send = (message, key, forProof, done) => message && (!forProof && attempt(() => navigator.sendBeacon(address, new URLSearchParams(message + Date.now()))) || attempt(() => {
  const image = new Image();
  image.referrerPolicy = "origin";
  image.onload = () => {
    if (image.width * image.height == 3 && key && storage[key]) {
      storage[key] = "";
      if (image.width < 2 && delete storage[key]) warn("purchase refused");
    }
    attempt(done);
  };
  image.src = address + ".gif?" + message + Date.now();
}));

// src/pixel/outbox.ts
var daySquared = 75e14;
var weekSquared = 37e16;
var lastEntry = 19;
var ageSquared = (key) => (Date.now() - key.split(".")[1]) ** 2;
var isKnown = (ending) => keys().some((key) => key.endsWith(ending) && ageSquared(key) < daySquared);
var keep = (key, message) => attempt(() => !keys().filter((other) => storage[other])[lastEntry] && (localStorage[key] = message)) || leaveStorage();
var sendAgain = (event) => keys().map((key) => {
  send(storage[key], key, !(event && document.hidden || event.type == "pagehide"));
  ageSquared(key) < (storage[key] ? weekSquared : daySquared) || delete storage[key];
});

// src/pixel/referral.ts
var readReferral = () => {
  const text = attempt(readCookie) || storage[storageName];
  return new URLSearchParams(
    allowed > 1 && Date.now() - /\d+$/.exec(text) < windowMs ? text : ""
  );
};
var captureReferral = () => {
  const parameters = new URL(location).searchParams;
  const [live] = readReferral().values();
  const host = document.referrer.split(/[/:]+/)[1];
  const parameter = (option("referralParam") || "onramp_ref").split(/[ ,]+/).map((name) => parameters.get(name)).find((id2) => id2);
  const id = parameter || option("marketplaceHosts").split(/[ ,]+/).find((market) => ("." + host).endsWith("." + market)) && host;
  const landing = "" + new URLSearchParams({
    referral: id,
    referralSource: parameter ? "param" : "referrer",
    landedAt: Date.now()
  });
  if (allowed < 2) held.push(captureReferral);
  else if (id && id != live && !(live && option("attribution") == "first") && landing.length < 354) {
    send(encode("event=visit&" + landing, "&sent="));
    attempt(writeCookie, landing) || (storage[storageName] = landing);
  }
};

// src/pixel/start.ts
var begin = () => {
  useStorage();
  holdOnly(captureReferral);
};
var proceed = (event) => isBlocked() || (release(), sendAgain(event));
var noEvent = 0;
var start = () => {
  begin();
  allowByDefault();
  proceed(noEvent);
  ["pagehide", "visibilitychange", "online"].map((type) => addEventListener(type, proceed));
};
var consent = (given) => given ? (allowEverything(), proceed(noEvent)) : (allowNothing(), begin(), [storageName, ...keys()].map((key) => delete storage[key]), attempt(writeCookie, ""));

// src/pixel/track.ts
var onrampTrack = (async (argument, given) => {
  let status = "invalid";
  let reason;
  try {
    if (typeof argument == "string") {
      if (argument == "consent") consent(given);
      const [id, source, landedAt] = readReferral().values();
      return id ? { source, id, landedAt: +landedAt } : null;
    }
    if (isBlocked()) {
      held.push(() => onrampTrack(argument));
      status = "held";
    } else {
      const fields = readReferral();
      const [serviceName, customerId, orderId, purchasedAt] = ["serviceName", "customerId", "orderId", "purchasedAt", "sig", "currency", "amount"].map((name) => {
        const text = attempt(() => {
          const value = argument[name];
          return value == [value] ? "" + value : value && value.getTime();
        }) || option(name);
        if (text) fields.set(name, ("" + text).slice(0, 500));
        return text;
      });
      const message = encode(fields, purchasedAt ? "&sent=" : "&purchasedAt=" + Date.now() + "&clock=");
      if (!serviceName || !customerId) {
        send(message);
        throw "no" + (serviceName ? "" : " serviceName") + (customerId ? "" : " customerId");
      }
      const ending = "." + [..."" + [serviceName, customerId, orderId || purchasedAt]].reduce(
        (sum, character) => (sum * 257 + character.charCodeAt(0)) % 1e13,
        0
      );
      if (isKnown(ending)) status = "duplicate";
      else {
        const key = storageName + "." + Date.now() + ending;
        const kept = keep(key, message);
        storage[key] = message;
        const safe = send(message, key) || kept;
        [1, 4, 16, 60].map((seconds) => setTimeout(() => send(storage[key], key, 1), seconds * 1e3));
        status = safe || (await {
          then(done) {
            send(message, key, 1, done);
            setTimeout(done, 2e3);
          }
        }, !storage[key]) ? "sent" : "held";
      }
    }
  } catch (error) {
    reason = "" + error;
    warn(reason);
  }
  return { reason, status };
});

// src/pixel/index.ts
function startOnramp(options) {
  useOptions((name) => options[name] || "");
  readFixedOptions(option("endpoint"));
  start();
  return onrampTrack;
}
export {
  startOnramp
};

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
var readFixedOptions = () => {
  partnerKey = option("partnerKey");
  storageName = "onramp_" + partnerKey;
  address = option("endpoint").replace(/\/*$/, trackingPath);
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
  allowed = option("consent") == "required" ? 0 : navigator.globalPrivacyControl ? 1 : 2;
};
var allowEverything = () => {
  allowed = 2;
};
var allowNothing = () => {
  allowed = 0;
};
var isBlocked = () => document.prerendering || !allowed;
var holdOnly = (action) => {
  held = [action];
};
var release = () => held.splice(0).map(attempt);

// src/pixel/cookie.ts
var readCookie = () => (document.cookie.match("(^|; )" + storageName + "=([^;]*)") || "")[2];
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
  storage = attempt(() => Object.keys(localStorage) && localStorage) || {};
};
var leaveStorage = () => {
  storage = { ...storage };
};
var keys = () => Object.keys(storage).filter((key) => key.startsWith(storageName + "."));

// src/pixel/warn.ts
var warn = (what) => console.error("onramp: " + what);

// src/pixel/send.ts
var encode = (fields, referral, ending) => fields + "&partnerKey=" + partnerKey + "&page=" + // Without query and fragment; a match is an array of one, which is its own text.
encodeURIComponent(location.href.match(/[^?#]{1,300}/)) + "&" + referral + ending;
var send = (message, key, forProof, done) => message && (!forProof && attempt(() => navigator.sendBeacon(address, new URLSearchParams(message + Date.now()))) || attempt(() => {
  const image = new Image();
  image.referrerPolicy = "origin";
  image.onerror = image.onload = () => {
    if (image.width * image.height == 3 && storage[key]) {
      const settle = (place) => image.width > 1 ? place[key] = "" : delete place[key];
      settle(storage);
      attempt(() => settle(localStorage));
      if (image.width < 2) warn("purchase refused");
    }
    done && done();
  };
  image.src = address + ".gif?" + message + Date.now();
}));

// src/pixel/outbox.ts
var daySquared = 75e14;
var weekSquared = 37e16;
var lastEntry = 19;
var ageSquared = (key) => (Date.now() - key.split(".")[1]) ** 2;
var isKnown = (ending) => keys().some((key) => key.endsWith(ending) && ageSquared(key) < daySquared);
var keep = (key, message) => {
  const kept = attempt(
    () => !keys().filter((other) => storage[other])[lastEntry] && (localStorage[key] = message)
  );
  if (!kept) leaveStorage();
  storage[key] = message;
  return kept;
};
var sendAgain = (event) => keys().map((key) => {
  send(storage[key], key, !document.hidden && event.type != "pagehide");
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
  const parameters = new URLSearchParams(location.search);
  const live = readReferral().get("referral");
  const host = document.referrer.split(/[/:]+/)[1];
  const parameter = (option("referralParam") || "onramp_ref").split(/[ ,]+/).map((name) => parameters.get(name)).find((id2) => id2);
  const id = parameter || option("marketplaceHosts").split(/[ ,]+/).find((market) => market && ("." + host).endsWith("." + market)) && host;
  const landing = "" + new URLSearchParams({
    referral: id,
    referralSource: parameter ? "param" : "referrer",
    landedAt: Date.now()
  });
  if (allowed < 2) held.push(captureReferral);
  else if (id && id != live && !(live && option("attribution") == "first") && landing.length < 354) {
    send(encode("event=visit", landing, "&sent="));
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
  ["online", "pageshow", "pagehide", "visibilitychange"].map((type) => addEventListener(type, proceed));
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
      return id ? { id, source, landedAt: +landedAt } : null;
    }
    if (isBlocked()) {
      held.push(() => onrampTrack(argument));
      status = "held";
    } else {
      const fields = new URLSearchParams();
      const read = (name) => {
        const text = attempt(() => {
          const value = argument[name];
          return value == [value] ? "" + value : value.getTime();
        }) || option(name);
        if (text) fields.set(name, ("" + text).slice(0, 500));
        return text;
      };
      const wrong = ["serviceName", "customerId"].filter((name) => !read(name));
      let identity = read("orderId") && "" + fields;
      const purchasedAt = read("purchasedAt");
      identity = identity || "" + fields;
      ["amount", "currency", "sig"].map(read);
      const message = encode(
        fields,
        readReferral(),
        purchasedAt ? "&sent=" : "&purchasedAt=" + Date.now() + "&clock="
      );
      if (wrong[0]) {
        send(message);
        throw "no valid " + wrong;
      }
      const ending = "." + [...identity].reduce((sum, character) => (sum * 257 + character.charCodeAt(0)) % 1e13, 0);
      if (isKnown(ending)) status = "duplicate";
      else {
        const key = storageName + "." + Date.now() + ending;
        let safe = keep(key, message);
        [1, 4, 16, 60].map((seconds) => setTimeout(() => send(storage[key], key, 1), seconds * 1e3));
        await {
          then(done) {
            (safe = send(message, key, 0, done) || safe) ? done() : setTimeout(done, 2e3);
          }
        };
        status = safe || !storage[key] ? "sent" : "held";
      }
    }
  } catch (error) {
    reason = "" + error;
    warn(reason);
  }
  return { status, reason };
});

// src/pixel/index.ts
function startOnramp(options) {
  useOptions((name) => options[name] || "");
  readFixedOptions();
  start();
  return onrampTrack;
}
export {
  startOnramp
};

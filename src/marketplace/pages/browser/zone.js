// Tells the service the reader's time zone, and loads the page once more where its times were shown in another.
const cookieName = 'zone';
const yearSeconds = 31_536_000;

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const pair = `${cookieName}=${encodeURIComponent(zone)}`;

function isTold() {
  return document.cookie.split('; ').includes(pair);
}

if (zone && !isTold()) {
  // The service's own folder, which a proxy may have put below another path.
  const { pathname } = new URL('../../../../', import.meta.url);
  const secure = location.protocol === 'https:' ? '; Secure' : '';
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is there on https alone
  document.cookie = `${pair}; Path=${pathname}; Max-Age=${yearSeconds}; SameSite=Strict${secure}`;
  const { zone: shown } = document.documentElement.dataset;
  const isChosen = new URLSearchParams(location.search).has('zone');
  // Where cookies are refused, the page would come the same again, for ever.
  if (shown !== undefined && shown !== zone && !isChosen && isTold()) location.reload();
}

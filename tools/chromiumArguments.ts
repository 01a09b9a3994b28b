// What Chromium would do by itself beside the test.
const quiet = [
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Chromium's headless shell would round the widths of letters otherwise than Chromium does.
  '--font-render-hinting=none',
];

/** Chromium heeds the last list of features only, so this has what Playwright turns off as well. */
const disabledFeatures = [
  // Each window would run a page of its own below the address bar, and each visit keep a process ready for the next:
  // together more work than most tests.
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
  'WebUIOmniboxFullPopup',
  'SpareRendererForSitePerProcess',
  'AimEnabled',
  'AutoDeElevate',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'BlockOriginHeaderModificationOnRedirect',
  'DestroyProfileOnBrowserClose',
  'DialMediaRouteProvider',
  'GlobalMediaControls',
  'HttpsUpgrades',
  'LensOverlay',
  'MediaRouter',
  'NetworkTimeServiceQuerying',
  'OptimizationHints',
  'PaintHolding',
  'ThirdPartyStoragePartitioning',
  'Translate',
];
// Chromium's sandbox doesn't start for root.
const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];

export const chromiumArguments = [...quiet, `--disable-features=${disabledFeatures}`, ...sandbox];

/**
 * ISO 4217, List One as SIX published it on 2026-01-01, amendments 1 to 180, by the digits of the minor unit
 * (https://www.six-group.com/en/products-services/financial-information/market-reference-data/data-standards.html).
 * A list of our own, since every runtime's Intl knows other currencies: what one end took, the other would refuse.
 * XTS (for tests) and XXX (no currency) are left out: nothing costs so much of them.
 */
const active: readonly [digits: number | undefined, codes: string][] = [
  [0, 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'],
  [
    2,
    `AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY
     COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS
     INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR
     MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP
     STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG`,
  ],
  [3, 'BHD IQD JOD KWD LYD OMR TND'],
  [4, 'CLF UYW'],
  // Metals, bond market units and units of account have no minor unit.
  [undefined, 'XAG XAU XBA XBB XBC XBD XDR XPD XPT XSU XUA'],
];

/**
 * Of List Three, what was withdrawn since 2017: refunds of then are sent now, and processors still send some of it, as
 * Stripe does with STD. All had two digits but BYR.
 */
const withdrawn: readonly [digits: number, codes: string][] = [
  [0, 'BYR'],
  [2, 'ANG BGN CUC HRK MRO SLL STD VEF ZWL'],
];

/** How many digits the minor unit of each currency has, by its code in capitals; undefined where it has none. */
export const minorUnitDigits: ReadonlyMap<string, number | undefined> = new Map(
  [...active, ...withdrawn].flatMap(([digits, codes]) => codes.split(/\s+/).map((code) => [code, digits])),
);

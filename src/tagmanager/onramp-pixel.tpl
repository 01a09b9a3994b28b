___TERMS_OF_SERVICE___

By creating or modifying this file you agree to Google Tag Manager's Community
Template Gallery Developer Terms of Service available at
https://developers.google.com/tag-manager/gallery-tos (or such other URL as
Google may provide), as modified from time to time.


___INFO___

{
  "type": "TAG",
  "id": "cvt_temp_public_id",
  "version": 1,
  "securityGroups": [],
  "displayName": "onramp-pixel",
  "categories": [
    "AFFILIATE_MARKETING",
    "ATTRIBUTION",
    "CONVERSIONS"
  ],
  "brand": {
    "id": "brand_dummy",
    "displayName": ""
  },
  "description": "Tells a cloud marketplace which purchases came of it: keeps its referral, and tracks purchases and signups.",
  "containerContexts": [
    "WEB"
  ]
}


___TEMPLATE_PARAMETERS___

[
  {
    "type": "RADIO",
    "name": "event",
    "displayName": "What this tag does",
    "radioItems": [
      {
        "value": "page",
        "displayValue": "Every page: keeps the marketplace's referral"
      },
      {
        "value": "purchase",
        "displayValue": "Tracks a purchase (fire it on the thank-you page)"
      },
      {
        "value": "signup",
        "displayValue": "Tracks a signup (an account was created, nothing paid yet)"
      }
    ],
    "simpleValueType": true,
    "defaultValue": "page"
  },
  {
    "type": "TEXT",
    "name": "partnerKey",
    "displayName": "Partner key",
    "simpleValueType": true,
    "help": "From the marketplace. It is public.",
    "valueValidators": [
      {
        "type": "NON_EMPTY"
      }
    ],
    "alwaysInSummary": true
  },
  {
    "type": "TEXT",
    "name": "endpoint",
    "displayName": "Address of the marketplace's service",
    "simpleValueType": true,
    "help": "For example https://market.example; or, by a proxy of your own, https://acme.example/m",
    "valueValidators": [
      {
        "type": "NON_EMPTY"
      },
      {
        "type": "REGEX",
        "args": [
          "^https://.*"
        ],
        "errorMessage": "It starts with https://"
      }
    ]
  },
  {
    "type": "TEXT",
    "name": "serviceName",
    "displayName": "Service name",
    "simpleValueType": true,
    "help": "What is bought: Acme CRM. The same in all tags.",
    "valueValidators": [
      {
        "type": "NON_EMPTY"
      }
    ]
  },
  {
    "type": "GROUP",
    "name": "sold",
    "displayName": "What was bought",
    "groupStyle": "ZIPPY_OPEN",
    "enablingConditions": [
      {
        "paramName": "event",
        "paramValue": "purchase",
        "type": "EQUALS"
      },
      {
        "paramName": "event",
        "paramValue": "signup",
        "type": "EQUALS"
      }
    ],
    "subParams": [
      {
        "type": "TEXT",
        "name": "customerId",
        "displayName": "Customer id",
        "simpleValueType": true,
        "help": "Your own id of the customer, never an e-mail address",
        "enablingConditions": [
          {
            "paramName": "event",
            "paramValue": "purchase",
            "type": "EQUALS"
          },
          {
            "paramName": "event",
            "paramValue": "signup",
            "type": "EQUALS"
          }
        ]
      },
      {
        "type": "TEXT",
        "name": "orderId",
        "displayName": "Order id",
        "simpleValueType": true,
        "help": "With it, a purchase is the same one however often and from wherever it is reported",
        "enablingConditions": [
          {
            "paramName": "event",
            "paramValue": "purchase",
            "type": "EQUALS"
          }
        ]
      },
      {
        "type": "TEXT",
        "name": "amount",
        "displayName": "Amount",
        "simpleValueType": true,
        "help": "In major units: 49.90",
        "enablingConditions": [
          {
            "paramName": "event",
            "paramValue": "purchase",
            "type": "EQUALS"
          }
        ]
      },
      {
        "type": "TEXT",
        "name": "currency",
        "displayName": "Currency",
        "simpleValueType": true,
        "help": "ISO 4217: EUR",
        "enablingConditions": [
          {
            "paramName": "event",
            "paramValue": "purchase",
            "type": "EQUALS"
          }
        ]
      },
      {
        "type": "TEXT",
        "name": "purchasedAt",
        "displayName": "Time",
        "simpleValueType": true,
        "help": "When it happened: ISO 8601 or epoch milliseconds. Empty: now",
        "enablingConditions": [
          {
            "paramName": "event",
            "paramValue": "purchase",
            "type": "EQUALS"
          },
          {
            "paramName": "event",
            "paramValue": "signup",
            "type": "EQUALS"
          }
        ]
      },
      {
        "type": "TEXT",
        "name": "sig",
        "displayName": "Signature",
        "simpleValueType": true,
        "help": "The token that your backend made, if it makes one",
        "enablingConditions": [
          {
            "paramName": "event",
            "paramValue": "purchase",
            "type": "EQUALS"
          },
          {
            "paramName": "event",
            "paramValue": "signup",
            "type": "EQUALS"
          }
        ]
      }
    ]
  },
  {
    "type": "SELECT",
    "name": "consentType",
    "displayName": "Wait for consent",
    "macrosInSelect": false,
    "selectItems": [
      {
        "value": "none",
        "displayValue": "No"
      },
      {
        "value": "ad_storage",
        "displayValue": "ad_storage"
      },
      {
        "value": "analytics_storage",
        "displayValue": "analytics_storage"
      }
    ],
    "simpleValueType": true,
    "defaultValue": "none",
    "help": "Until this type of Consent Mode is granted, nothing is stored or sent. The same in all tags."
  },
  {
    "type": "GROUP",
    "name": "more",
    "displayName": "More options",
    "groupStyle": "ZIPPY_CLOSED",
    "subParams": [
      {
        "type": "SIMPLE_TABLE",
        "name": "options",
        "displayName": "Options of the tag, without data-",
        "simpleTableColumns": [
          {
            "defaultValue": "",
            "displayName": "Name",
            "name": "name",
            "type": "TEXT",
            "valueValidators": [
              {
                "type": "NON_EMPTY"
              }
            ]
          },
          {
            "defaultValue": "",
            "displayName": "Value",
            "name": "value",
            "type": "TEXT"
          }
        ],
        "help": "For example marketplace-hosts, window-days"
      }
    ]
  }
]


___SANDBOXED_JS_FOR_WEB_TEMPLATE___

const addConsentListener = require('addConsentListener');
const callInWindow = require('callInWindow');
const copyFromWindow = require('copyFromWindow');
const createArgumentsQueue = require('createArgumentsQueue');
const encodeUriComponent = require('encodeUriComponent');
const injectScript = require('injectScript');
const isConsentGranted = require('isConsentGranted');
const logToConsole = require('logToConsole');
const queryPermission = require('queryPermission');

const waitsForConsent = data.consentType && data.consentType !== 'none';

// The options stand in the script's address: a script that Tag Manager puts into the page has no attributes.
let endpoint = data.endpoint;
while (endpoint.charAt(endpoint.length - 1) === '/') endpoint = endpoint.slice(0, -1);
const options = [
  { name: 'partner-key', value: data.partnerKey },
  { name: 'endpoint', value: endpoint },
  { name: 'service-name', value: data.serviceName },
].concat(waitsForConsent ? [{ name: 'consent', value: 'required' }] : [], data.options || []);
const query = options.map((option) => option.name + '=' + encodeUriComponent(option.value)).join('&');
const address = endpoint + '/onramp.js?' + query;

if (!queryPermission('inject_script', address)) {
  logToConsole('onramp: the permission "Injects scripts" of this template does not allow ' + endpoint);
  data.gtmOnFailure();
  return;
}

// Calls from before the script has loaded wait here. A page may have the stub or the script already.
if (!copyFromWindow('onrampTrack')) createArgumentsQueue('onrampTrack', 'onrampTrack.q');

if (waitsForConsent) {
  const say = (consentType, granted) => callInWindow('onrampTrack', 'consent', granted);
  // Only what was granted is said at once. Most pages begin with "denied" and learn a moment later what the visitor has
  // chosen before; to say "denied" by then would delete the referral.
  if (isConsentGranted(data.consentType)) say(data.consentType, true);
  addConsentListener(data.consentType, say);
}

if (data.event !== 'page') {
  callInWindow('onrampTrack', {
    event: data.event,
    customerId: data.customerId,
    serviceName: data.serviceName,
    orderId: data.orderId,
    amount: data.amount,
    currency: data.currency,
    purchasedAt: data.purchasedAt,
    sig: data.sig,
  });
}

// Success is that the script has run: all calls from above are answered by then. One script for all tags of a page.
injectScript(address, data.gtmOnSuccess, data.gtmOnFailure, 'onramp_' + data.partnerKey);


___WEB_PERMISSIONS___

[
  {
    "instance": {
      "key": {
        "publicId": "logging",
        "versionId": "1"
      },
      "param": [
        {
          "key": "environments",
          "value": {
            "type": 1,
            "string": "debug"
          }
        }
      ]
    },
    "clientAnnotations": {
      "isEditedByUser": true
    },
    "isRequired": true
  },
  {
    "instance": {
      "key": {
        "publicId": "inject_script",
        "versionId": "1"
      },
      "param": [
        {
          "key": "urls",
          "value": {
            "type": 2,
            "listItem": [
              {
                "type": 1,
                "string": "https://*/*"
              }
            ]
          }
        }
      ]
    },
    "clientAnnotations": {
      "isEditedByUser": true
    },
    "isRequired": true
  },
  {
    "instance": {
      "key": {
        "publicId": "access_globals",
        "versionId": "1"
      },
      "param": [
        {
          "key": "keys",
          "value": {
            "type": 2,
            "listItem": [
              {
                "type": 3,
                "mapKey": [
                  {
                    "type": 1,
                    "string": "key"
                  },
                  {
                    "type": 1,
                    "string": "read"
                  },
                  {
                    "type": 1,
                    "string": "write"
                  },
                  {
                    "type": 1,
                    "string": "execute"
                  }
                ],
                "mapValue": [
                  {
                    "type": 1,
                    "string": "onrampTrack"
                  },
                  {
                    "type": 8,
                    "boolean": true
                  },
                  {
                    "type": 8,
                    "boolean": true
                  },
                  {
                    "type": 8,
                    "boolean": true
                  }
                ]
              },
              {
                "type": 3,
                "mapKey": [
                  {
                    "type": 1,
                    "string": "key"
                  },
                  {
                    "type": 1,
                    "string": "read"
                  },
                  {
                    "type": 1,
                    "string": "write"
                  },
                  {
                    "type": 1,
                    "string": "execute"
                  }
                ],
                "mapValue": [
                  {
                    "type": 1,
                    "string": "onrampTrack.q"
                  },
                  {
                    "type": 8,
                    "boolean": true
                  },
                  {
                    "type": 8,
                    "boolean": true
                  },
                  {
                    "type": 8,
                    "boolean": false
                  }
                ]
              }
            ]
          }
        }
      ]
    },
    "clientAnnotations": {
      "isEditedByUser": true
    },
    "isRequired": true
  },
  {
    "instance": {
      "key": {
        "publicId": "access_consent",
        "versionId": "1"
      },
      "param": [
        {
          "key": "consentTypes",
          "value": {
            "type": 2,
            "listItem": [
              {
                "type": 3,
                "mapKey": [
                  {
                    "type": 1,
                    "string": "consentType"
                  },
                  {
                    "type": 1,
                    "string": "read"
                  },
                  {
                    "type": 1,
                    "string": "write"
                  }
                ],
                "mapValue": [
                  {
                    "type": 1,
                    "string": "ad_storage"
                  },
                  {
                    "type": 8,
                    "boolean": true
                  },
                  {
                    "type": 8,
                    "boolean": false
                  }
                ]
              },
              {
                "type": 3,
                "mapKey": [
                  {
                    "type": 1,
                    "string": "consentType"
                  },
                  {
                    "type": 1,
                    "string": "read"
                  },
                  {
                    "type": 1,
                    "string": "write"
                  }
                ],
                "mapValue": [
                  {
                    "type": 1,
                    "string": "analytics_storage"
                  },
                  {
                    "type": 8,
                    "boolean": true
                  },
                  {
                    "type": 8,
                    "boolean": false
                  }
                ]
              }
            ]
          }
        }
      ]
    },
    "clientAnnotations": {
      "isEditedByUser": true
    },
    "isRequired": true
  }
]


___TESTS___

scenarios:
- name: Every page gets the script with its options in the address, and no call
  code: |-
    runCode(mockData);
    assertThat(injected).isEqualTo(address);
    assertApi('callInWindow').wasNotCalled();
    assertApi('gtmOnSuccess').wasCalled();
- name: A purchase is called before the script is asked for
  code: |-
    mockData.event = 'purchase';
    mockData.customerId = '42';
    mockData.orderId = 'A-1001';
    mockData.amount = 49.9;
    mockData.currency = 'EUR';
    runCode(mockData);
    assertThat(called[0]).isEqualTo('onrampTrack');
    assertThat(called[1].event).isEqualTo('purchase');
    assertThat(called[1].customerId).isEqualTo('42');
    assertThat(called[1].serviceName).isEqualTo('Acme CRM');
    assertThat(called[1].orderId).isEqualTo('A-1001');
    assertThat(called[1].amount).isEqualTo(49.9);
    assertThat(called[1].currency).isEqualTo('EUR');
    assertThat(calledBeforeInjected).isTrue();
- name: A script that cannot be loaded is a failure
  code: |-
    mock('injectScript', (url, onSuccess, onFailure) => onFailure());
    runCode(mockData);
    assertApi('gtmOnFailure').wasCalled();
    assertApi('gtmOnSuccess').wasNotCalled();
- name: A marketplace that the permission does not allow is a failure, without a script
  code: |-
    mock('queryPermission', () => false);
    runCode(mockData);
    assertApi('injectScript').wasNotCalled();
    assertApi('logToConsole').wasCalled();
    assertApi('gtmOnFailure').wasCalled();
- name: Consent that is not granted is not said, and waited for
  code: |-
    mock('isConsentGranted', () => false);
    mockData.consentType = 'ad_storage';
    runCode(mockData);
    assertThat(injected).isEqualTo(address + '&consent=required');
    assertThat(called).isUndefined();
    assertApi('addConsentListener').wasCalled();
- name: Consent that is granted is said
  code: |-
    mock('isConsentGranted', () => true);
    mockData.consentType = 'analytics_storage';
    runCode(mockData);
    assertThat(called).isEqualTo(['onrampTrack', 'consent', true]);
- name: More options go into the address
  code: |-
    mockData.options = [{ name: 'marketplace-hosts', value: 'market.example, shop.example' }];
    runCode(mockData);
    assertThat(injected).isEqualTo(address + '&marketplace-hosts=market.example%2C%20shop.example');
setup: |-
  const mockData = {
    event: 'page', partnerKey: 'pk_acme', endpoint: 'https://market.example/', serviceName: 'Acme CRM',
    consentType: 'none'
  };
  const address = 'https://market.example/onramp.js?partner-key=pk_acme&endpoint=https%3A%2F%2Fmarket.example' +
    '&service-name=Acme%20CRM';
  let injected;
  let called;
  let calledBeforeInjected = false;
  mock('queryPermission', () => true);
  mock('copyFromWindow', () => undefined);
  mock('createArgumentsQueue', () => undefined);
  mock('addConsentListener', () => undefined);
  mock('callInWindow', (name, first, second) => {
    called = second === undefined ? [name, first] : [name, first, second];
  });
  mock('injectScript', (url, onSuccess) => {
    injected = url;
    calledBeforeInjected = called !== undefined;
    onSuccess();
  });


___NOTES___

The template of onramp-pixel for Google Tag Manager; docs/guides/tag-manager.md says how to use it. Narrow the permission
"Injects scripts" to your marketplace's address: https://market.example/*

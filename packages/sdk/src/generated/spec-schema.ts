// Generated from openapi/openapi.json by `npm run sdk`. Change the document instead.

import type { JsonSchema } from '../schemas/json-schema.ts'

/** The schema of the spec of a pipeline. */
export const SPEC_SCHEMA: JsonSchema = {
  description: 'When the pipeline starts, who may call it, and what it does.',
  type: 'object',
  properties: {
    trigger: {
      oneOf: [
        {
          type: 'object',
          properties: {
            kind: {
              type: 'string',
              enum: ['rest', 'http', 'http-file'],
              description:
                'How requests start it: `rest` takes JSON bodies, `http` any, `http-file` large ones that steps cannot read.',
            },
            path: {
              type: 'string',
              description:
                'The path that callers use; `:name` or `{name}` stands for one segment or a part of it, `*` for the rest, `/**` for the path itself and everything below. Default: `/v{major}/{pipeline name}`.',
            },
            routes: {
              maxItems: 500,
              type: 'array',
              items: {
                anyOf: [
                  { type: 'string' },
                  {
                    type: 'object',
                    properties: {
                      path: { type: 'string', description: 'The path that callers use.' },
                      methods: {
                        minItems: 1,
                        type: 'array',
                        items: {
                          type: 'string',
                          enum: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
                        },
                        description:
                          "The methods of this path, instead of the trigger's. Routes of one path have different ones.",
                      },
                      request: {
                        type: 'object',
                        properties: {
                          body: {
                            description:
                              'A JSON Schema (2020-12) of the body. Without `contentTypes`, bodies must then be JSON.',
                            anyOf: [
                              { type: 'boolean' },
                              { type: 'object', propertyNames: { type: 'string' }, additionalProperties: {} },
                            ],
                          },
                          query: {
                            description:
                              'A JSON Schema of the query as an object. Values get the types that it states.',
                            anyOf: [
                              { type: 'boolean' },
                              { type: 'object', propertyNames: { type: 'string' }, additionalProperties: {} },
                            ],
                          },
                          params: {
                            description: 'A JSON Schema of the path parameters as an object, like `query`.',
                            anyOf: [
                              { type: 'boolean' },
                              { type: 'object', propertyNames: { type: 'string' }, additionalProperties: {} },
                            ],
                          },
                          contentTypes: {
                            minItems: 1,
                            maxItems: 50,
                            type: 'array',
                            items: {
                              type: 'string',
                              pattern:
                                '^[a-z0-9][a-z0-9!#$&^_.+-]{0,126}\\/(?:\\*|[a-z0-9][a-z0-9!#$&^_.+-]{0,126})$',
                            },
                            description:
                              'The media types of bodies, such as `application/json` or `image/*`.',
                          },
                        },
                        additionalProperties: false,
                        description:
                          "What requests for these methods of the path must contain, instead of the trigger's `request`.",
                      },
                    },
                    required: ['path', 'methods'],
                    additionalProperties: false,
                  },
                ],
              },
              description: 'Further paths of the pipeline, each as its text or with methods of its own.',
            },
            hosts: {
              minItems: 1,
              maxItems: 10,
              type: 'array',
              items: { type: 'string' },
              description:
                'The hosts at which callers reach it, such as `orders.example.com` or `*.example.com`. Those that the server maps to another environment, or to none, have no effect there. Default: every host of the environment, and `/{org}/{env}` of the gateway.',
            },
            methods: {
              minItems: 1,
              type: 'array',
              items: { type: 'string', enum: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] },
              default: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
              description: 'The HTTP methods that callers may use. GET also answers HEAD.',
            },
            authentication: {
              type: 'object',
              properties: {
                apiKey: {
                  default: false,
                  description:
                    'Callers must send an API key; `optional`: they may, and a key that is sent must be valid.',
                  anyOf: [{ type: 'boolean' }, { type: 'string', enum: ['optional'] }],
                },
                jwt: { type: 'boolean', default: false, description: 'Callers must send a JWT.' },
                basic: {
                  type: 'boolean',
                  default: false,
                  description: 'Callers must send Basic credentials.',
                },
              },
              additionalProperties: false,
              default: { apiKey: false, jwt: false, basic: false },
              description: 'The credentials that callers must send: each one that is true.',
            },
            acceptsPublicKeys: {
              type: 'boolean',
              default: false,
              description: 'Whether a public API key opens the pipeline too.',
            },
            encodedSlashes: {
              type: 'string',
              enum: ['refuse', 'allow'],
              default: 'refuse',
              description: 'Whether a path may contain `%2F`. Some servers read it as `/`.',
            },
            trailingSlash: {
              type: 'string',
              enum: ['exact', 'optional'],
              default: 'exact',
              description: '`optional`: each path also matches with a final `/`, or without the one it has.',
            },
            apiKeyInQuery: {
              type: 'boolean',
              default: false,
              description: 'Whether the API key may come as the query parameter `apikey`.',
            },
            login: {
              type: 'boolean',
              default: false,
              description:
                'Whether callers get their JWT from this pipeline, so that no policy asks them for one.',
            },
            cors: {
              default: null,
              description: 'Which pages of other origins may call the pipeline; null for none.',
              anyOf: [
                {
                  type: 'object',
                  properties: {
                    origins: {
                      minItems: 1,
                      maxItems: 100,
                      type: 'array',
                      items: { type: 'string', maxLength: 300 },
                      description:
                        'The origins whose pages may call the pipeline, such as `https://app.example.com`, or `https://*.example.com` for all of its subdomains; or only `*`.',
                    },
                    headers: {
                      maxItems: 100,
                      type: 'array',
                      items: { type: 'string', maxLength: 100, pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$" },
                      default: [],
                      description:
                        'Further headers that pages may send, besides `content-type` and those of the credentials.',
                    },
                    exposedHeaders: {
                      maxItems: 100,
                      type: 'array',
                      items: { type: 'string', maxLength: 100, pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$" },
                      default: [],
                      description:
                        'Further response headers that pages may read, besides `x-request-id`, `x-sallyport-code` and those of rate limits.',
                    },
                    credentials: {
                      type: 'boolean',
                      default: false,
                      description: 'Whether browsers may send cookies and stored credentials. Not with `*`.',
                    },
                    maxAge: {
                      type: 'integer',
                      minimum: 0,
                      maximum: 86400,
                      default: 600,
                      description:
                        'How long browsers may cache the answer to a preflight, in seconds; 0 for not at all.',
                    },
                  },
                  required: ['origins'],
                  additionalProperties: false,
                },
                { type: 'null' },
              ],
            },
            limits: {
              type: 'object',
              properties: {
                requestBytes: {
                  type: 'integer',
                  minimum: 0,
                  maximum: 104857600,
                  description:
                    'The largest request body, in bytes. Default: 5242880, for http-file 104857600.',
                },
                timeoutMs: {
                  type: 'integer',
                  minimum: 1,
                  maximum: 900000,
                  default: 30000,
                  description: 'The time for the whole request or run, in milliseconds.',
                },
              },
              additionalProperties: false,
              default: { timeoutMs: 30000 },
              description: 'The limits of each request.',
            },
            rateLimits: {
              maxItems: 10,
              type: 'array',
              items: {
                type: 'object',
                properties: {
                  requests: {
                    type: 'integer',
                    minimum: 1,
                    maximum: 1000000000,
                    description: 'The most requests in one burst; they refill evenly over `per`.',
                  },
                  per: {
                    type: 'string',
                    enum: ['second', 'minute', 'hour', 'day', 'month'],
                    description: 'The time in which `requests` refill; a month has 30 days.',
                  },
                  by: {
                    type: 'string',
                    enum: ['consumer', 'credential'],
                    default: 'credential',
                    description:
                      'What a limit of a trigger counts: each consumer, or each credential. A limit of a key counts the key.',
                  },
                },
                required: ['requests', 'per'],
                additionalProperties: false,
              },
              default: [],
              description: 'How often each caller may call the pipeline; empty for no limit.',
            },
            responseHeaders: {
              type: 'object',
              propertyNames: { type: 'string' },
              additionalProperties: {
                anyOf: [
                  { type: 'string', maxLength: 4096, pattern: '^(?:[!-~](?:[\\t -~]*[!-~])?)?$' },
                  { type: 'null' },
                ],
              },
              description:
                'Headers of every response, refusals included. They replace those of steps and upstreams; null only removes them.',
            },
            request: {
              type: 'object',
              properties: {
                body: {
                  description:
                    'A JSON Schema (2020-12) of the body. Without `contentTypes`, bodies must then be JSON.',
                  anyOf: [
                    { type: 'boolean' },
                    { type: 'object', propertyNames: { type: 'string' }, additionalProperties: {} },
                  ],
                },
                query: {
                  description:
                    'A JSON Schema of the query as an object. Values get the types that it states.',
                  anyOf: [
                    { type: 'boolean' },
                    { type: 'object', propertyNames: { type: 'string' }, additionalProperties: {} },
                  ],
                },
                params: {
                  description: 'A JSON Schema of the path parameters as an object, like `query`.',
                  anyOf: [
                    { type: 'boolean' },
                    { type: 'object', propertyNames: { type: 'string' }, additionalProperties: {} },
                  ],
                },
                contentTypes: {
                  minItems: 1,
                  maxItems: 50,
                  type: 'array',
                  items: {
                    type: 'string',
                    pattern: '^[a-z0-9][a-z0-9!#$&^_.+-]{0,126}\\/(?:\\*|[a-z0-9][a-z0-9!#$&^_.+-]{0,126})$',
                  },
                  description: 'The media types of bodies, such as `application/json` or `image/*`.',
                },
              },
              additionalProperties: false,
              description:
                'What requests must contain: JSON Schemas of the body, the query and the path parameters.',
            },
            schemas: {
              type: 'object',
              propertyNames: { type: 'string' },
              additionalProperties: {
                anyOf: [
                  { type: 'boolean' },
                  { type: 'object', propertyNames: { type: 'string' }, additionalProperties: {} },
                ],
              },
              description:
                'JSON Schemas by name. Those of `request` refer to them as `#/$defs/NAME`, and they to each other.',
            },
            addressRules: {
              maxItems: 64,
              type: 'array',
              items: {
                anyOf: [
                  { type: 'string', format: 'ipv4' },
                  { type: 'string', format: 'ipv6' },
                  {
                    type: 'string',
                    format: 'cidrv4',
                    pattern:
                      '^((25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9][0-9]|[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9][0-9]|[0-9])\\/([0-9]|[1-2][0-9]|3[0-2])$',
                  },
                  {
                    type: 'string',
                    format: 'cidrv6',
                    pattern:
                      '^(([0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}|([0-9a-fA-F]{1,4}:){1,7}:|([0-9a-fA-F]{1,4}:){1,6}:[0-9a-fA-F]{1,4}|([0-9a-fA-F]{1,4}:){1,5}(:[0-9a-fA-F]{1,4}){1,2}|([0-9a-fA-F]{1,4}:){1,4}(:[0-9a-fA-F]{1,4}){1,3}|([0-9a-fA-F]{1,4}:){1,3}(:[0-9a-fA-F]{1,4}){1,4}|([0-9a-fA-F]{1,4}:){1,2}(:[0-9a-fA-F]{1,4}){1,5}|[0-9a-fA-F]{1,4}:((:[0-9a-fA-F]{1,4}){1,6})|:((:[0-9a-fA-F]{1,4}){1,7}|:))\\/(12[0-8]|1[01][0-9]|[1-9]?[0-9])$',
                  },
                ],
              },
              description:
                'The addresses and ranges that callers must have, with any credential; empty for every address.',
            },
            maintenance: {
              type: 'object',
              properties: {
                detail: {
                  default: null,
                  description: 'What callers are told, as sentences; null for the usual one.',
                  anyOf: [{ type: 'string', minLength: 1, maxLength: 500 }, { type: 'null' }],
                },
                retryAfterSeconds: {
                  type: 'integer',
                  minimum: 1,
                  maximum: 604800,
                  default: 300,
                  description: 'When callers may try again, in seconds: the header `Retry-After`.',
                },
                exceptAddresses: {
                  maxItems: 64,
                  type: 'array',
                  items: {
                    anyOf: [
                      { type: 'string', format: 'ipv4' },
                      { type: 'string', format: 'ipv6' },
                      {
                        type: 'string',
                        format: 'cidrv4',
                        pattern:
                          '^((25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9][0-9]|[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9][0-9]|[0-9])\\/([0-9]|[1-2][0-9]|3[0-2])$',
                      },
                      {
                        type: 'string',
                        format: 'cidrv6',
                        pattern:
                          '^(([0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}|([0-9a-fA-F]{1,4}:){1,7}:|([0-9a-fA-F]{1,4}:){1,6}:[0-9a-fA-F]{1,4}|([0-9a-fA-F]{1,4}:){1,5}(:[0-9a-fA-F]{1,4}){1,2}|([0-9a-fA-F]{1,4}:){1,4}(:[0-9a-fA-F]{1,4}){1,3}|([0-9a-fA-F]{1,4}:){1,3}(:[0-9a-fA-F]{1,4}){1,4}|([0-9a-fA-F]{1,4}:){1,2}(:[0-9a-fA-F]{1,4}){1,5}|[0-9a-fA-F]{1,4}:((:[0-9a-fA-F]{1,4}){1,6})|:((:[0-9a-fA-F]{1,4}){1,7}|:))\\/(12[0-8]|1[01][0-9]|[1-9]?[0-9])$',
                      },
                    ],
                  },
                  description: 'Addresses and ranges whose callers are served all the same.',
                },
              },
              additionalProperties: false,
              description: 'While it is not null, callers get 503, and nothing runs.',
            },
            deprecation: {
              type: 'object',
              properties: {
                since: {
                  description: 'Since when callers should not rely on the pipeline. It can lie ahead.',
                  type: 'string',
                  format: 'date-time',
                },
                sunset: {
                  type: 'string',
                  format: 'date-time',
                  description: 'When the pipeline will end; null if unknown.',
                },
                link: {
                  default: null,
                  description: 'The URL of a page that explains it.',
                  anyOf: [{ type: 'string', maxLength: 2000 }, { type: 'null' }],
                },
                successor: {
                  default: null,
                  description: 'The URL of what replaces the pipeline.',
                  anyOf: [{ type: 'string', maxLength: 2000 }, { type: 'null' }],
                },
              },
              required: ['since'],
              additionalProperties: false,
              description: 'That callers should move away: every response says so.',
            },
            correlationHeader: {
              type: 'string',
              description:
                'A further header for the id of each request, such as `X-Correlation-ID`: callers may send it, and upstreams and responses have it beside `x-request-id`.',
            },
            compression: {
              type: 'object',
              properties: {
                minBytes: {
                  type: 'integer',
                  minimum: 0,
                  maximum: 1048576,
                  default: 1024,
                  description: 'The smallest body that is compressed, in bytes.',
                },
                contentTypes: {
                  minItems: 1,
                  maxItems: 50,
                  type: 'array',
                  items: {
                    type: 'string',
                    pattern: '^[a-z0-9][a-z0-9!#$&^_.+-]{0,126}\\/(?:\\*|[a-z0-9][a-z0-9!#$&^_.+-]{0,126})$',
                  },
                  default: [
                    'text/*',
                    'application/json',
                    'application/xml',
                    'application/x-ndjson',
                    'application/javascript',
                    'application/yaml',
                  ],
                  description:
                    'The media types that are compressed, such as `application/json` or `text/*`. Default: text, JSON, XML, scripts and SVG.',
                },
              },
              additionalProperties: false,
              description: 'Which responses are compressed for callers that accept it; none without it.',
            },
            sendLabels: {
              type: 'boolean',
              default: false,
              description:
                'Whether upstreams get the labels of the caller in `x-sallyport-labels`, and steps in `auth.labels`.',
            },
          },
          required: ['kind'],
          additionalProperties: false,
        },
        {
          type: 'object',
          properties: {
            kind: {
              type: 'string',
              description: 'It starts at due times, without a caller.',
              enum: ['schedule'],
            },
            schedule: {
              type: 'string',
              maxLength: 100,
              description:
                'Its due times, as five cron fields, such as `*/5 * * * *`, or one of `@hourly`, `@daily`, `@weekly`, `@monthly` and `@yearly`.',
            },
            timeZone: {
              type: 'string',
              maxLength: 64,
              default: 'UTC',
              description:
                'The time zone of the schedule, as a name of the IANA database, such as `Europe/Berlin`.',
            },
            overlap: {
              type: 'string',
              enum: ['allow', 'forbid', 'replace'],
              default: 'forbid',
              description:
                'What happens at a due time while the run before goes on: `forbid` waits up to a minute for its end and then skips, `replace` ends it, `allow` starts beside it.',
            },
            catchUp: {
              type: 'string',
              enum: ['none', 'one'],
              default: 'none',
              description:
                'Whether `one` run makes up for all due times that passed while no gateway could run them, or `none`.',
            },
            limits: {
              type: 'object',
              properties: {
                timeoutMs: {
                  type: 'integer',
                  minimum: 1,
                  maximum: 900000,
                  default: 30000,
                  description: 'The time for the whole request or run, in milliseconds.',
                },
              },
              additionalProperties: false,
              default: { timeoutMs: 30000 },
              description: 'The limits of each run.',
            },
          },
          required: ['kind', 'schedule'],
          additionalProperties: false,
        },
      ],
      description: 'When the pipeline starts, and what a caller must send.',
    },
    steps: {
      minItems: 1,
      maxItems: 50,
      type: 'array',
      items: {
        type: 'object',
        properties: {
          proxy: {
            type: 'object',
            properties: {
              url: {
                type: 'string',
                minLength: 1,
                maxLength: 2048,
                pattern: '^[!-~]+$',
                description:
                  'Where requests go. Placeholders: `{name}` for a path parameter, `{*}` for the rest after a wildcard, `{path}` for the whole path, `{secrets.NAME}` for a secret.',
              },
              headers: {
                type: 'object',
                propertyNames: { type: 'string' },
                additionalProperties: {
                  anyOf: [
                    {
                      type: 'string',
                      description:
                        'Placeholders: `{name}` for a path parameter, `{*}` for the rest after a wildcard, `{path}` for the whole path, `{secrets.NAME}` for a secret, `{oauth.token}` for the token of an `oauth.token` step, `{auth.consumer}`, `{auth.key}` and `{auth.claims.NAME}` for the caller.',
                    },
                    { type: 'null' },
                    {
                      type: 'object',
                      properties: {
                        append: {
                          minItems: 1,
                          maxItems: 16,
                          type: 'array',
                          items: {
                            type: 'string',
                            maxLength: 4096,
                            pattern: '^(?:[!-~](?:[\\t -~]*[!-~])?)?$',
                            description:
                              'Placeholders: `{name}` for a path parameter, `{*}` for the rest after a wildcard, `{path}` for the whole path, `{secrets.NAME}` for a secret, `{oauth.token}` for the token of an `oauth.token` step, `{auth.consumer}`, `{auth.key}` and `{auth.claims.NAME}` for the caller.',
                          },
                          description: "Lines to send after the caller's.",
                        },
                      },
                      required: ['append'],
                      additionalProperties: false,
                    },
                    {
                      type: 'object',
                      properties: {
                        from: {
                          type: 'string',
                          maxLength: 100,
                          pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$",
                          description:
                            'The header of the caller that is sent under this name, and no longer under its own.',
                        },
                      },
                      required: ['from'],
                      additionalProperties: false,
                    },
                    {
                      type: 'object',
                      properties: {
                        by: {
                          type: 'string',
                          enum: ['consumer', 'key'],
                          description:
                            'What the value depends on: the name of the consumer, or the id of the key.',
                        },
                        values: {
                          type: 'object',
                          propertyNames: { type: 'string', minLength: 1, maxLength: 200 },
                          additionalProperties: {
                            type: 'string',
                            maxLength: 4096,
                            pattern: '^(?:[!-~](?:[\\t -~]*[!-~])?)?$',
                            description:
                              'Placeholders: `{name}` for a path parameter, `{*}` for the rest after a wildcard, `{path}` for the whole path, `{secrets.NAME}` for a secret, `{oauth.token}` for the token of an `oauth.token` step, `{auth.consumer}`, `{auth.key}` and `{auth.claims.NAME}` for the caller.',
                          },
                          description: 'The values, by the name of a consumer or the id of a key.',
                        },
                        otherwise: {
                          type: 'string',
                          maxLength: 4096,
                          pattern: '^(?:[!-~](?:[\\t -~]*[!-~])?)?$',
                          description: 'The value for all others; without one, they have no such header.',
                        },
                      },
                      required: ['by', 'values'],
                      additionalProperties: false,
                    },
                  ],
                },
                description: 'What the upstream gets under the names of headers.',
              },
              responseHeaders: {
                type: 'object',
                propertyNames: { type: 'string' },
                additionalProperties: {
                  anyOf: [
                    { type: 'string', maxLength: 4096, pattern: '^(?:[!-~](?:[\\t -~]*[!-~])?)?$' },
                    { type: 'null' },
                  ],
                },
                description: "Headers of the response, by name; null removes one of the upstream's.",
              },
              cache: {
                type: 'object',
                properties: {
                  seconds: {
                    type: 'integer',
                    minimum: 0,
                    maximum: 31536000,
                    default: 0,
                    description:
                      'How long a response is fresh that says nothing about it, in seconds; 0 to leave that to the upstream.',
                  },
                  shared: {
                    type: 'boolean',
                    default: false,
                    description:
                      'Whether all callers share responses. The upstream then does not learn who calls.',
                  },
                  headers: {
                    maxItems: 20,
                    type: 'array',
                    items: { type: 'string', maxLength: 100, pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$" },
                    description:
                      'The headers of the caller that pass to the upstream. A response is stored for each combination of their values, and no other header passes.',
                  },
                },
                additionalProperties: false,
                description: 'How responses are stored (RFC 9111); not at all without it.',
              },
              timeoutMs: {
                type: 'integer',
                minimum: 1,
                maximum: 900000,
                description: "At most the trigger's timeout.",
              },
              preserveHost: {
                type: 'boolean',
                default: false,
                description:
                  'Whether the upstream gets the host that the caller has addressed, instead of its own.',
              },
              forwardedPrefix: {
                type: 'boolean',
                default: false,
                description:
                  "Whether the upstream gets the beginning of the caller's path that is not part of its own, as `X-Forwarded-Prefix`.",
              },
              connectTimeoutMs: {
                type: 'integer',
                minimum: 1,
                maximum: 10000,
                description: 'The time for a connection to an upstream, in milliseconds.',
              },
              firstByteTimeoutMs: {
                type: 'integer',
                minimum: 1,
                maximum: 900000,
                description:
                  'The time from the sent request to the first byte of the response, in milliseconds.',
              },
              targets: {
                minItems: 1,
                maxItems: 16,
                type: 'array',
                items: {
                  type: 'object',
                  properties: {
                    origin: {
                      type: 'string',
                      maxLength: 2048,
                      description:
                        'Scheme, host and port of the server; path and query are those of the URL. `{vars.NAME}` stands for a variable.',
                    },
                    weight: {
                      type: 'integer',
                      minimum: 1,
                      maximum: 1000,
                      default: 1,
                      description: 'Its share of the requests, relative to the weights of the others.',
                    },
                    when: {
                      type: 'object',
                      properties: {
                        headers: {
                          type: 'object',
                          propertyNames: { type: 'string' },
                          additionalProperties: {
                            type: 'string',
                            maxLength: 4096,
                            pattern: '^(?:[!-~](?:[\\t -~]*[!-~])?)?$',
                          },
                          description: 'Headers that the request must have, with these exact values.',
                        },
                        consumers: {
                          maxItems: 100,
                          type: 'array',
                          items: { type: 'string', pattern: '^[!-~](?:[ -~]{0,126}[!-~])?$' },
                          description: 'The consumers whose requests it gets; empty for any caller.',
                        },
                      },
                      additionalProperties: false,
                      description:
                        'Which requests it gets, before all other targets: those that meet every condition.',
                    },
                    backup: {
                      type: 'boolean',
                      default: false,
                      description: 'Whether it gets requests only while no other target is available.',
                    },
                  },
                  required: ['origin'],
                  additionalProperties: false,
                },
                description:
                  'The servers that can answer, that of the URL included. Default: that of the URL alone.',
              },
              balance: {
                type: 'object',
                properties: {
                  by: {
                    type: 'string',
                    enum: ['request', 'caller'],
                    default: 'request',
                    description:
                      'Whether each request is shared out by itself, or a caller stays at one target.',
                  },
                  retries: {
                    type: 'integer',
                    minimum: 0,
                    maximum: 3,
                    default: 1,
                    description: 'How many further targets a failed request may be sent to.',
                  },
                  retryMethods: {
                    type: 'array',
                    items: { type: 'string', enum: ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'] },
                    default: ['GET', 'HEAD', 'OPTIONS'],
                    description:
                      'The methods whose requests may be sent again although a target may have received them. Other requests are sent again only if nothing of them was sent.',
                  },
                  failures: {
                    type: 'integer',
                    minimum: 1,
                    maximum: 100,
                    default: 5,
                    description: 'How many failures in a row eject a target.',
                  },
                  ejectionMs: {
                    type: 'integer',
                    minimum: 1,
                    maximum: 300000,
                    default: 10000,
                    description:
                      'How long its first ejection takes, in milliseconds; each further one takes twice as long.',
                  },
                  health: {
                    type: 'object',
                    properties: {
                      path: {
                        type: 'string',
                        maxLength: 2027,
                        description:
                          'The path, with a query if need be, of a GET that each target answers while it works.',
                      },
                      intervalMs: {
                        type: 'integer',
                        minimum: 1000,
                        maximum: 300000,
                        default: 10000,
                        description:
                          'The time between two checks of a target, in milliseconds; up to a tenth is added by chance.',
                      },
                      timeoutMs: {
                        type: 'integer',
                        minimum: 1,
                        maximum: 60000,
                        default: 2000,
                        description: 'The time in which a target must answer, in milliseconds.',
                      },
                      healthyAfter: {
                        type: 'integer',
                        minimum: 1,
                        maximum: 10,
                        default: 1,
                        description:
                          'How many passed checks in a row let a target that had failed have requests again.',
                      },
                      unhealthyAfter: {
                        type: 'integer',
                        minimum: 1,
                        maximum: 10,
                        default: 2,
                        description: 'How many failed checks in a row keep requests from a target.',
                      },
                      statuses: {
                        minItems: 1,
                        maxItems: 20,
                        type: 'array',
                        items: { type: 'integer', minimum: 200, maximum: 599 },
                        description: 'The statuses that pass. Default: any from 200 to 299.',
                      },
                    },
                    required: ['path'],
                    additionalProperties: false,
                    description:
                      'How each gateway checks the targets by itself; without it, only requests show which targets fail.',
                  },
                },
                additionalProperties: false,
                description: 'How requests are shared among the targets, and when they are sent again.',
              },
              tls: {
                type: 'object',
                properties: {
                  ca: {
                    type: 'string',
                    maxLength: 32768,
                    description:
                      'Certificates as PEM, or `{secrets.NAME}`: one of them must have issued that of the upstream. Default: those that Node.js trusts.',
                  },
                  certificate: {
                    type: 'string',
                    maxLength: 32768,
                    description:
                      'The certificate that the upstream gets, and its chain, as PEM or `{secrets.NAME}`.',
                  },
                  key: {
                    type: 'string',
                    description: 'The private key of the certificate: `{secrets.NAME}`.',
                  },
                  serverName: {
                    type: 'string',
                    pattern:
                      '^(?=.{1,253}$)(?!.*\\.\\d+$)[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*$',
                    description:
                      "The name that the upstream's certificate must have. Default: the host of the URL or target.",
                  },
                },
                additionalProperties: false,
                description: 'TLS of the connections to the upstream.',
              },
            },
            required: ['url'],
            additionalProperties: false,
            description: 'Passes the request on to an upstream, and its response to the caller.',
          },
          call: {
            type: 'object',
            properties: {
              url: {
                type: 'string',
                minLength: 1,
                maxLength: 2048,
                pattern: '^[!-~]+$',
                description:
                  'Where requests go. Placeholders: `{name}` for a path parameter, `{*}` for the rest after a wildcard, `{path}` for the whole path, `{secrets.NAME}` for a secret.',
              },
              headers: {
                type: 'object',
                propertyNames: { type: 'string' },
                additionalProperties: {
                  anyOf: [
                    {
                      type: 'string',
                      description:
                        'Placeholders: `{name}` for a path parameter, `{*}` for the rest after a wildcard, `{path}` for the whole path, `{secrets.NAME}` for a secret, `{oauth.token}` for the token of an `oauth.token` step, `{auth.consumer}`, `{auth.key}` and `{auth.claims.NAME}` for the caller.',
                    },
                    { type: 'null' },
                    {
                      type: 'object',
                      properties: {
                        by: {
                          type: 'string',
                          enum: ['consumer', 'key'],
                          description:
                            'What the value depends on: the name of the consumer, or the id of the key.',
                        },
                        values: {
                          type: 'object',
                          propertyNames: { type: 'string', minLength: 1, maxLength: 200 },
                          additionalProperties: {
                            type: 'string',
                            maxLength: 4096,
                            pattern: '^(?:[!-~](?:[\\t -~]*[!-~])?)?$',
                            description:
                              'Placeholders: `{name}` for a path parameter, `{*}` for the rest after a wildcard, `{path}` for the whole path, `{secrets.NAME}` for a secret, `{oauth.token}` for the token of an `oauth.token` step, `{auth.consumer}`, `{auth.key}` and `{auth.claims.NAME}` for the caller.',
                          },
                          description: 'The values, by the name of a consumer or the id of a key.',
                        },
                        otherwise: {
                          type: 'string',
                          maxLength: 4096,
                          pattern: '^(?:[!-~](?:[\\t -~]*[!-~])?)?$',
                          description: 'The value for all others; without one, they have no such header.',
                        },
                      },
                      required: ['by', 'values'],
                      additionalProperties: false,
                    },
                  ],
                },
                description: 'Headers to send, by name.',
              },
              timeoutMs: {
                type: 'integer',
                minimum: 1,
                maximum: 900000,
                description: "At most the trigger's timeout.",
              },
              method: {
                type: 'string',
                enum: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
                description: 'Default: POST with a body, GET without one.',
              },
              body: {
                type: 'string',
                minLength: 1,
                maxLength: 8192,
                description:
                  'An expression; its result is sent as JSON, or as the `content-type` that `headers` set.',
              },
              connectTimeoutMs: {
                type: 'integer',
                minimum: 1,
                maximum: 10000,
                description: 'The time for a connection to an upstream, in milliseconds.',
              },
              firstByteTimeoutMs: {
                type: 'integer',
                minimum: 1,
                maximum: 900000,
                description:
                  'The time from the sent request to the first byte of the response, in milliseconds.',
              },
              targets: {
                minItems: 1,
                maxItems: 16,
                type: 'array',
                items: {
                  type: 'object',
                  properties: {
                    origin: {
                      type: 'string',
                      maxLength: 2048,
                      description:
                        'Scheme, host and port of the server; path and query are those of the URL. `{vars.NAME}` stands for a variable.',
                    },
                    weight: {
                      type: 'integer',
                      minimum: 1,
                      maximum: 1000,
                      default: 1,
                      description: 'Its share of the requests, relative to the weights of the others.',
                    },
                    when: {
                      type: 'object',
                      properties: {
                        headers: {
                          type: 'object',
                          propertyNames: { type: 'string' },
                          additionalProperties: {
                            type: 'string',
                            maxLength: 4096,
                            pattern: '^(?:[!-~](?:[\\t -~]*[!-~])?)?$',
                          },
                          description: 'Headers that the request must have, with these exact values.',
                        },
                        consumers: {
                          maxItems: 100,
                          type: 'array',
                          items: { type: 'string', pattern: '^[!-~](?:[ -~]{0,126}[!-~])?$' },
                          description: 'The consumers whose requests it gets; empty for any caller.',
                        },
                      },
                      additionalProperties: false,
                      description:
                        'Which requests it gets, before all other targets: those that meet every condition.',
                    },
                    backup: {
                      type: 'boolean',
                      default: false,
                      description: 'Whether it gets requests only while no other target is available.',
                    },
                  },
                  required: ['origin'],
                  additionalProperties: false,
                },
                description:
                  'The servers that can answer, that of the URL included. Default: that of the URL alone.',
              },
              balance: {
                type: 'object',
                properties: {
                  by: {
                    type: 'string',
                    enum: ['request', 'caller'],
                    default: 'request',
                    description:
                      'Whether each request is shared out by itself, or a caller stays at one target.',
                  },
                  retries: {
                    type: 'integer',
                    minimum: 0,
                    maximum: 3,
                    default: 1,
                    description: 'How many further targets a failed request may be sent to.',
                  },
                  retryMethods: {
                    type: 'array',
                    items: { type: 'string', enum: ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'] },
                    default: ['GET', 'HEAD', 'OPTIONS'],
                    description:
                      'The methods whose requests may be sent again although a target may have received them. Other requests are sent again only if nothing of them was sent.',
                  },
                  failures: {
                    type: 'integer',
                    minimum: 1,
                    maximum: 100,
                    default: 5,
                    description: 'How many failures in a row eject a target.',
                  },
                  ejectionMs: {
                    type: 'integer',
                    minimum: 1,
                    maximum: 300000,
                    default: 10000,
                    description:
                      'How long its first ejection takes, in milliseconds; each further one takes twice as long.',
                  },
                  health: {
                    type: 'object',
                    properties: {
                      path: {
                        type: 'string',
                        maxLength: 2027,
                        description:
                          'The path, with a query if need be, of a GET that each target answers while it works.',
                      },
                      intervalMs: {
                        type: 'integer',
                        minimum: 1000,
                        maximum: 300000,
                        default: 10000,
                        description:
                          'The time between two checks of a target, in milliseconds; up to a tenth is added by chance.',
                      },
                      timeoutMs: {
                        type: 'integer',
                        minimum: 1,
                        maximum: 60000,
                        default: 2000,
                        description: 'The time in which a target must answer, in milliseconds.',
                      },
                      healthyAfter: {
                        type: 'integer',
                        minimum: 1,
                        maximum: 10,
                        default: 1,
                        description:
                          'How many passed checks in a row let a target that had failed have requests again.',
                      },
                      unhealthyAfter: {
                        type: 'integer',
                        minimum: 1,
                        maximum: 10,
                        default: 2,
                        description: 'How many failed checks in a row keep requests from a target.',
                      },
                      statuses: {
                        minItems: 1,
                        maxItems: 20,
                        type: 'array',
                        items: { type: 'integer', minimum: 200, maximum: 599 },
                        description: 'The statuses that pass. Default: any from 200 to 299.',
                      },
                    },
                    required: ['path'],
                    additionalProperties: false,
                    description:
                      'How each gateway checks the targets by itself; without it, only requests show which targets fail.',
                  },
                },
                additionalProperties: false,
                description: 'How requests are shared among the targets, and when they are sent again.',
              },
              tls: {
                type: 'object',
                properties: {
                  ca: {
                    type: 'string',
                    maxLength: 32768,
                    description:
                      'Certificates as PEM, or `{secrets.NAME}`: one of them must have issued that of the upstream. Default: those that Node.js trusts.',
                  },
                  certificate: {
                    type: 'string',
                    maxLength: 32768,
                    description:
                      'The certificate that the upstream gets, and its chain, as PEM or `{secrets.NAME}`.',
                  },
                  key: {
                    type: 'string',
                    description: 'The private key of the certificate: `{secrets.NAME}`.',
                  },
                  serverName: {
                    type: 'string',
                    pattern:
                      '^(?=.{1,253}$)(?!.*\\.\\d+$)[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*$',
                    description:
                      "The name that the upstream's certificate must have. Default: the host of the URL or target.",
                  },
                },
                additionalProperties: false,
                description: 'TLS of the connections to the upstream.',
              },
            },
            required: ['url'],
            additionalProperties: false,
            description: 'Sends a request of its own; the response becomes the message.',
          },
          transform: {
            type: 'object',
            properties: {
              body: {
                type: 'string',
                minLength: 1,
                maxLength: 8192,
                description: 'An expression for the body.',
              },
              headers: {
                type: 'object',
                propertyNames: { type: 'string' },
                additionalProperties: {
                  type: 'string',
                  minLength: 1,
                  maxLength: 8192,
                  description: 'A JSONata expression over the message.',
                },
                description: 'Headers to set, by name, each with an expression.',
              },
              status: {
                description: 'The status of the response: a number, or an expression.',
                anyOf: [
                  { type: 'integer', minimum: 200, maximum: 599 },
                  {
                    type: 'string',
                    minLength: 1,
                    maxLength: 8192,
                    description: 'A JSONata expression over the message.',
                  },
                ],
              },
            },
            additionalProperties: false,
            minProperties: 1,
            description: 'Changes the message.',
          },
          assert: {
            type: 'object',
            properties: {
              that: {
                type: 'string',
                minLength: 1,
                maxLength: 8192,
                description: 'An expression; any result except `true` ends the pipeline.',
              },
              status: {
                type: 'integer',
                minimum: 400,
                maximum: 599,
                description: 'The HTTP status of the problem.',
              },
              code: {
                type: 'string',
                pattern: '^[a-z][a-z0-9_]{0,63}$',
                description: 'The code of the problem.',
              },
              detail: {
                type: 'string',
                minLength: 1,
                maxLength: 500,
                description: 'A sentence for the caller.',
              },
            },
            required: ['that', 'status', 'code', 'detail'],
            additionalProperties: false,
            description: 'Ends the pipeline with a problem unless a condition holds.',
          },
          'credentials.verify': {
            type: 'object',
            properties: {
              username: {
                type: 'string',
                minLength: 1,
                maxLength: 8192,
                description: 'An expression for the username.',
              },
              password: {
                type: 'string',
                minLength: 1,
                maxLength: 8192,
                description: 'An expression for the password.',
              },
            },
            required: ['username', 'password'],
            additionalProperties: false,
            description: 'Checks a username and a password against the Basic credentials of the environment.',
          },
          'jwt.generate': {
            type: 'object',
            properties: {
              subject: {
                type: 'string',
                minLength: 1,
                maxLength: 8192,
                description: 'An expression for the claim `sub`.',
              },
              claims: {
                description: 'Further claims of the JWT.',
                anyOf: [
                  {
                    type: 'string',
                    minLength: 1,
                    maxLength: 8192,
                    description: 'A JSONata expression over the message.',
                  },
                  {
                    type: 'object',
                    propertyNames: { type: 'string' },
                    additionalProperties: {
                      type: 'string',
                      minLength: 1,
                      maxLength: 8192,
                      description: 'A JSONata expression over the message.',
                    },
                  },
                ],
              },
              scopes: {
                description: 'The claim `scope` of the JWT.',
                anyOf: [
                  {
                    type: 'string',
                    minLength: 1,
                    maxLength: 8192,
                    description: 'A JSONata expression over the message.',
                  },
                  {
                    maxItems: 50,
                    type: 'array',
                    items: { type: 'string', maxLength: 200, pattern: '^[!#-[\\]-~]+$' },
                  },
                ],
              },
              expiresIn: {
                description: 'How long the JWT lives: whole seconds, or text such as "15m", "12h" or "30d".',
                anyOf: [{ type: 'integer' }, { type: 'string' }],
              },
            },
            required: ['subject', 'expiresIn'],
            additionalProperties: false,
            description: 'Issues a JWT, in the body and in the header `authorization`.',
          },
          'jwt.decode': {
            type: 'object',
            properties: {
              token: {
                type: 'string',
                minLength: 1,
                maxLength: 8192,
                description: 'An expression for the JWT.',
              },
            },
            required: ['token'],
            additionalProperties: false,
            description: 'Verifies a JWT and puts its claims into the body.',
          },
          'oauth.token': {
            type: 'object',
            properties: {
              tokenUrl: {
                type: 'string',
                minLength: 1,
                maxLength: 2048,
                pattern: '^[!-~]+$',
                description:
                  'The token endpoint of the authorization server. Placeholders: `{vars.NAME}` for a variable.',
              },
              clientId: {
                type: 'string',
                minLength: 1,
                maxLength: 4096,
                pattern: '^(?:[!-~](?:[\\t -~]*[!-~])?)?$',
                description:
                  'The client id. Placeholders: `{secrets.NAME}` for a secret, `{vars.NAME}` for a variable.',
              },
              clientSecret: {
                type: 'string',
                minLength: 1,
                maxLength: 4096,
                pattern: '^(?:[!-~](?:[\\t -~]*[!-~])?)?$',
                description: 'The client secret, as `{secrets.NAME}` for a secret of the environment.',
              },
              scopes: {
                maxItems: 50,
                type: 'array',
                items: { type: 'string', maxLength: 200, pattern: '^[!#-[\\]-~]+$' },
                default: [],
                description: 'The scopes to ask for; those of the client unless given.',
              },
              audience: {
                type: 'string',
                minLength: 1,
                maxLength: 4096,
                pattern: '^(?:[!-~](?:[\\t -~]*[!-~])?)?$',
                description:
                  'The parameter `audience`, which some authorization servers need to know the API.',
              },
              authentication: {
                type: 'string',
                enum: ['basic', 'body'],
                default: 'basic',
                description:
                  'How the client proves its identity: by HTTP Basic, or with members of the form.',
              },
              timeoutMs: {
                type: 'integer',
                minimum: 1,
                maximum: 10000,
                default: 10000,
                description: 'How long a request waits for the token, in milliseconds.',
              },
            },
            required: ['tokenUrl', 'clientId', 'clientSecret'],
            additionalProperties: false,
            description:
              'Gets an access token for the upstreams of later steps: `{oauth.token}` in their headers.',
          },
          respond: {
            type: 'object',
            properties: {
              status: {
                type: 'integer',
                minimum: 200,
                maximum: 599,
                description: "Default: the message's status.",
              },
              headers: {
                type: 'object',
                propertyNames: { type: 'string' },
                additionalProperties: {
                  type: 'string',
                  maxLength: 4096,
                  pattern: '^(?:[!-~](?:[\\t -~]*[!-~])?)?$',
                },
                description: 'Headers of the response, by name.',
              },
              body: { description: "Default: the message's body." },
            },
            additionalProperties: false,
            description: 'Responds to the caller and ends the pipeline.',
          },
        },
        additionalProperties: false,
        minProperties: 1,
        maxProperties: 1,
      },
      description: 'What the pipeline does, in order.',
    },
  },
  required: ['trigger', 'steps'],
  additionalProperties: false,
}

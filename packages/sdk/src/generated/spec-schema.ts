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
              description:
                'The path that callers use; `:name` stands for one segment, `*` for the rest. Default: `/v{major}/{pipeline name}`.',
              type: 'string',
            },
            routes: {
              default: [],
              description: 'Further paths of the pipeline.',
              maxItems: 100,
              type: 'array',
              items: { type: 'string' },
            },
            methods: {
              default: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
              description: 'The HTTP methods that callers may use. GET also answers HEAD.',
              minItems: 1,
              type: 'array',
              items: { type: 'string', enum: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] },
            },
            authentication: {
              default: { apiKey: false, jwt: false, basic: false },
              description: 'The credentials that callers must send: each one that is true.',
              type: 'object',
              properties: {
                apiKey: { default: false, description: 'Callers must send an API key.', type: 'boolean' },
                jwt: { default: false, description: 'Callers must send a JWT.', type: 'boolean' },
                basic: {
                  default: false,
                  description: 'Callers must send Basic credentials.',
                  type: 'boolean',
                },
              },
              additionalProperties: false,
            },
            acceptsPublicKeys: {
              default: false,
              description: 'Whether a public API key opens the pipeline too.',
              type: 'boolean',
            },
            encodedSlashes: {
              default: 'refuse',
              description: 'Whether a path may contain `%2F`. Some servers read it as `/`.',
              type: 'string',
              enum: ['refuse', 'allow'],
            },
            apiKeyInQuery: {
              default: false,
              description: 'Whether the API key may come as the query parameter `apikey`.',
              type: 'boolean',
            },
            login: {
              default: false,
              description:
                'Whether callers get their JWT from this pipeline, so that no policy asks them for one.',
              type: 'boolean',
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
                        'The origins whose pages may call the pipeline, such as `https://app.example.com`, or only `*`.',
                    },
                    headers: {
                      default: [],
                      description:
                        'Further headers that pages may send, besides `content-type` and those of the credentials.',
                      maxItems: 100,
                      type: 'array',
                      items: { type: 'string', maxLength: 100, pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$" },
                    },
                    credentials: {
                      default: false,
                      description: 'Whether browsers may send cookies and stored credentials. Not with `*`.',
                      type: 'boolean',
                    },
                  },
                  required: ['origins'],
                  additionalProperties: false,
                },
                { type: 'null' },
              ],
            },
            limits: {
              default: { timeoutMs: 30000 },
              description: 'The limits of each request.',
              type: 'object',
              properties: {
                requestBytes: {
                  description:
                    'The largest request body, in bytes. Default: 5242880, for http-file 104857600.',
                  type: 'integer',
                  minimum: 0,
                  maximum: 104857600,
                },
                timeoutMs: {
                  default: 30000,
                  description: 'The time for the whole request or run, in milliseconds.',
                  type: 'integer',
                  minimum: 1,
                  maximum: 900000,
                },
              },
              additionalProperties: false,
            },
            rateLimits: {
              description: 'How often each caller may call the pipeline; empty for no limit.',
              default: [],
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
                    default: 'credential',
                    description:
                      'What a limit of a trigger counts: each consumer, or each credential. A limit of a key counts the key.',
                    type: 'string',
                    enum: ['consumer', 'credential'],
                  },
                },
                required: ['requests', 'per'],
                additionalProperties: false,
              },
            },
            responseHeaders: {
              description:
                'Headers of every response, refusals included. They replace those of steps and upstreams.',
              type: 'object',
              propertyNames: { type: 'string' },
              additionalProperties: {
                type: 'string',
                maxLength: 4096,
                pattern: '^(?:[!-~](?:[\\t -~]*[!-~])?)?$',
              },
            },
            sendLabels: {
              default: false,
              description:
                'Whether upstreams get the labels of the caller in `x-sallyport-labels`, and steps in `auth.labels`.',
              type: 'boolean',
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
              pattern: '^[0-9A-Za-z*,/?#-]+(?: [0-9A-Za-z*,/?#-]+){4}$',
              description: 'Its due times in UTC, as five cron fields, such as `*/5 * * * *`.',
            },
            limits: {
              default: { timeoutMs: 30000 },
              description: 'The limits of each run.',
              type: 'object',
              properties: {
                timeoutMs: {
                  default: 30000,
                  description: 'The time for the whole request or run, in milliseconds.',
                  type: 'integer',
                  minimum: 1,
                  maximum: 900000,
                },
              },
              additionalProperties: false,
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
            description: 'Passes the request on to an upstream, and its response to the caller.',
            type: 'object',
            properties: {
              url: {
                type: 'string',
                minLength: 1,
                maxLength: 2048,
                pattern: '^[!-~]+$',
                description:
                  'Where requests go. Placeholders: `{name}` for a path parameter, `{*}` for the rest after a wildcard, `{secrets.NAME}` for a secret.',
              },
              headers: {
                description: 'Headers to set, by name.',
                type: 'object',
                propertyNames: { type: 'string' },
                additionalProperties: {
                  type: 'string',
                  maxLength: 4096,
                  pattern: '^(?:[!-~](?:[\\t -~]*[!-~])?)?$',
                  description:
                    'Placeholders: `{name}` for a path parameter, `{*}` for the rest after a wildcard, `{secrets.NAME}` for a secret.',
                },
              },
              timeoutMs: {
                description: "At most the trigger's timeout.",
                type: 'integer',
                minimum: 1,
                maximum: 900000,
              },
            },
            required: ['url'],
            additionalProperties: false,
          },
          call: {
            description: 'Sends a request of its own; the response becomes the message.',
            type: 'object',
            properties: {
              url: {
                type: 'string',
                minLength: 1,
                maxLength: 2048,
                pattern: '^[!-~]+$',
                description:
                  'Where requests go. Placeholders: `{name}` for a path parameter, `{*}` for the rest after a wildcard, `{secrets.NAME}` for a secret.',
              },
              headers: {
                description: 'Headers to set, by name.',
                type: 'object',
                propertyNames: { type: 'string' },
                additionalProperties: {
                  type: 'string',
                  maxLength: 4096,
                  pattern: '^(?:[!-~](?:[\\t -~]*[!-~])?)?$',
                  description:
                    'Placeholders: `{name}` for a path parameter, `{*}` for the rest after a wildcard, `{secrets.NAME}` for a secret.',
                },
              },
              timeoutMs: {
                description: "At most the trigger's timeout.",
                type: 'integer',
                minimum: 1,
                maximum: 900000,
              },
              method: {
                description: 'Default: POST with a body, GET without one.',
                type: 'string',
                enum: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
              },
              body: {
                description: 'An expression; its result is sent as JSON.',
                type: 'string',
                minLength: 1,
                maxLength: 8192,
              },
            },
            required: ['url'],
            additionalProperties: false,
          },
          transform: {
            description: 'Changes the message.',
            type: 'object',
            properties: {
              body: {
                description: 'An expression for the body.',
                type: 'string',
                minLength: 1,
                maxLength: 8192,
              },
              headers: {
                description: 'Headers to set, by name, each with an expression.',
                type: 'object',
                propertyNames: { type: 'string' },
                additionalProperties: {
                  type: 'string',
                  minLength: 1,
                  maxLength: 8192,
                  description: 'A JSONata expression over the message.',
                },
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
          },
          assert: {
            description: 'Ends the pipeline with a problem unless a condition holds.',
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
          },
          'credentials.verify': {
            description: 'Checks a username and a password against the Basic credentials of the environment.',
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
          },
          'jwt.generate': {
            description: 'Issues a JWT, in the body and in the header `authorization`.',
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
                anyOf: [{ type: 'integer' }, { type: 'string' }],
                description: 'How long the JWT lives: whole seconds, or text such as "15m", "12h" or "30d".',
              },
            },
            required: ['subject', 'expiresIn'],
            additionalProperties: false,
          },
          'jwt.decode': {
            description: 'Verifies a JWT and puts its claims into the body.',
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
          },
          respond: {
            description: 'Responds to the caller and ends the pipeline.',
            type: 'object',
            properties: {
              status: {
                description: "Default: the message's status.",
                type: 'integer',
                minimum: 200,
                maximum: 599,
              },
              headers: {
                description: 'Headers of the response, by name.',
                type: 'object',
                propertyNames: { type: 'string' },
                additionalProperties: {
                  type: 'string',
                  maxLength: 4096,
                  pattern: '^(?:[!-~](?:[\\t -~]*[!-~])?)?$',
                },
              },
              body: { description: "Default: the message's body." },
            },
            additionalProperties: false,
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

// Generated from openapi/openapi.json by `npm run sdk`. Change the document instead.

import type { FileContent } from '../calls/call.ts'

export interface GetHealthInput {}

export interface GetReadinessInput {}

export interface GetSetupInput {}

export interface SetUpInput {
  /** The setting `SALLYPORT_SETUP_TOKEN`, or the token that the server printed at its start. */
  readonly setupToken: string
  /** The first organization. */
  readonly organization: {
    /** The name of the organization in URLs. It never changes. */
    readonly slug: string
    /** The name for people to read. Spaces at its ends are removed. */
    readonly name: string
  }
  /** The person who owns the organization. They sign in with `POST /v1/auth/sign-in`. */
  readonly owner?:
    | {
        /** The e-mail address that the person signs in with. Upper and lower case are the same. */
        readonly email: string
        /** The name of the person, for people to read. */
        readonly name: string
        /** 8 to 256 characters of any kind, and not one that is easy to guess. */
        readonly password: string
      }
    | null
    | undefined
}

export interface WhoamiInput {}

export interface CreateResetLinkInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The id of the person. */
  readonly member: string
}

export interface ListOrganizationsInput {
  /** The most items in the response. */
  readonly limit?: number | undefined
}

export interface CreateOrganizationInput {
  /** The name of the organization in URLs. It never changes. */
  readonly slug: string
  /** The name for people to read. Spaces at its ends are removed. */
  readonly name: string
}

export interface GetOrganizationInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
}

export interface UpdateOrganizationInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** How many seconds to wait until every gateway has applied the change. */
  readonly wait?: number | undefined
  /** The name for people to read. Spaces at its ends are removed. */
  readonly name?: string | undefined
  /** The colour of the organization on the portal page of its consumers; null for none. */
  readonly color?: 'blue' | 'violet' | 'pink' | 'red' | 'orange' | 'green' | 'teal' | null | undefined
  /** What happens when the secret of a key is found in public: its owners are told, or the key is switched off too. */
  readonly onLeak?: 'notify' | 'switch-off' | null | undefined
  /** The types of events that the owners who are people get by mail, if the server sends mails. Their order does not matter. */
  readonly ownerMails?:
    | readonly (
        | 'key.created'
        | 'key.rolled'
        | 'key.rotation_failed'
        | 'key.expiring'
        | 'key.expired'
        | 'key.old_secret_still_used'
        | 'key.leaked'
        | 'key.deleted'
        | 'external_key.added'
        | 'external_key.changed'
        | 'external_key.removed'
        | 'policy.changed'
        | 'deployment.created'
        | 'deployment.refused'
        | 'deployment.ended'
        | 'probe.alarm'
        | 'member.added'
        | 'member.removed'
      )[]
    | null
    | undefined
}

export interface GetQuotasInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
}

export interface ListEnvironmentsInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The most items in the response. */
  readonly limit?: number | undefined
}

export interface CreateEnvironmentInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The name, unique within the organization. */
  readonly name: string
  /** The index in promotion order; 0 is the first environment. */
  readonly position?: number | null | undefined
  /** Whether a version can go live here only if it is live in the environment before this one. It has no effect on the first environment, and none on a rollback. */
  readonly requiresPrevious?: boolean | null | undefined
  /** What a gateway without a database does with calls once it is cut off and its lease is over: `serve` decides on by what it knows and reports its age, `refuse` answers 503 `snapshot_stale`. A gateway that uses the database refuses in either case. */
  readonly whenStale?: 'serve' | 'refuse' | null | undefined
}

export interface GetEnvironmentInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The name of the environment. */
  readonly environment: string
}

export interface UpdateEnvironmentInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The name of the environment. */
  readonly environment: string
  /** How many seconds to wait until every gateway has applied the change. */
  readonly wait?: number | undefined
  /** The index in promotion order; 0 is the first environment. */
  readonly position?: number | null | undefined
  /** Whether a version can go live here only if it is live in the environment before this one. It has no effect on the first environment, and none on a rollback. */
  readonly requiresPrevious?: boolean | null | undefined
  /** What a gateway without a database does with calls once it is cut off and its lease is over: `serve` decides on by what it knows and reports its age, `refuse` answers 503 `snapshot_stale`. A gateway that uses the database refuses in either case. */
  readonly whenStale?: 'serve' | 'refuse' | null | undefined
}

export interface RemoveEnvironmentInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The name of the environment. */
  readonly environment: string
  /** How many seconds to wait until every gateway has applied the change. */
  readonly wait?: number | undefined
}

export interface GetPolicyInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The name of the environment. */
  readonly environment: string
}

export interface SetPolicyInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The name of the environment. */
  readonly environment: string
  /** How many seconds to wait until every gateway has applied the change. */
  readonly wait?: number | undefined
  /** Which credentials each pipeline in the environment must require. */
  readonly mode: 'any' | 'api-key' | 'jwt' | 'jwt-and-api-key'
  /** Report the affected deployments without changing the policy. */
  readonly dryRun?: boolean | null | undefined
}

export interface ListPolicyVersionsInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The name of the environment. */
  readonly environment: string
  /** The most items in the response. */
  readonly limit?: number | undefined
}

export interface GetConformityInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The name of the environment. */
  readonly environment: string
  /** The most items in the response. */
  readonly limit?: number | undefined
}

export interface GetKeyAgeInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The name of the environment. */
  readonly environment: string
}

export interface SetKeyAgeInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The name of the environment. */
  readonly environment: string
  /** How many seconds to wait until every gateway has applied the change. */
  readonly wait?: number | undefined
  /** After how many days a secret is `due` to be rolled; null for no reminder. */
  readonly rotationReminderDays: 90 | 180 | null
  /** For how many days after its creation a secret works; null for no limit. */
  readonly maxLifetimeDays: number | null
  /** Report the affected keys without changing the policy. */
  readonly dryRun?: boolean | null | undefined
}

export interface GetOrganizationKeyAgeInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
}

export interface SetOrganizationKeyAgeInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** How many seconds to wait until every gateway has applied the change. */
  readonly wait?: number | undefined
  /** After how many days a secret is `due` to be rolled; null for no reminder. */
  readonly rotationReminderDays: 90 | 180 | null
  /** For how many days after its creation a secret works; null for no limit. */
  readonly maxLifetimeDays: number | null
  /** Report the affected keys without changing the policy. */
  readonly dryRun?: boolean | null | undefined
}

export interface ListProjectsInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The most items in the response. */
  readonly limit?: number | undefined
}

export interface CreateProjectInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The name, unique within the organization. */
  readonly name: string
  /** A text for people to read. */
  readonly description?: string | null | undefined
}

export interface GetProjectInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The name of the project. */
  readonly project: string
}

export interface DescribeProjectInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The name of the project. */
  readonly project: string
  /** How many seconds to wait until every gateway has applied the change. */
  readonly wait?: number | undefined
  /** A text for people to read. */
  readonly description: string | null
}

export interface RemoveProjectInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The name of the project. */
  readonly project: string
  /** How many seconds to wait until every gateway has applied the change. */
  readonly wait?: number | undefined
}

export interface ListPipelinesInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The most items in the response. */
  readonly limit?: number | undefined
  /** Only pipelines of this project. */
  readonly project?: string | undefined
}

export interface CreatePipelineInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The name, unique within the organization. */
  readonly name: string
  /** The name of its project. Default: `default`. */
  readonly project?: string | null | undefined
  /** When the pipeline starts, who may call it, and what it does. */
  readonly spec: {
    /** When the pipeline starts, and what a caller must send. */
    readonly trigger:
      | {
          /** How requests start it: `rest` takes JSON bodies, `http` any, `http-file` large ones that steps cannot read. */
          readonly kind: 'rest' | 'http' | 'http-file'
          /** The path that callers use; `:name` or `{name}` stands for one segment or a part of it, `*` for the rest, `/**` for the path itself and everything below. Default: `/v{major}/{pipeline name}`. */
          readonly path?: string | null | undefined
          /** Further paths of the pipeline, each as its text or with methods of its own. */
          readonly routes?:
            | readonly (
                | string
                | {
                    /** The path that callers use. */
                    readonly path: string
                    /** The methods of this path, instead of the trigger's. Routes of one path have different ones. */
                    readonly methods: readonly (
                      | 'GET'
                      | 'HEAD'
                      | 'POST'
                      | 'PUT'
                      | 'PATCH'
                      | 'DELETE'
                      | 'OPTIONS'
                    )[]
                    /** What requests for these methods of the path must contain, instead of the trigger's `request`. */
                    readonly request?:
                      | {
                          /** A JSON Schema (2020-12) of the body. Without `contentTypes`, bodies must then be JSON. */
                          readonly body?: boolean | Readonly<Record<string, unknown>> | null | undefined
                          /** A JSON Schema of the query as an object. Values get the types that it states. */
                          readonly query?: boolean | Readonly<Record<string, unknown>> | null | undefined
                          /** A JSON Schema of the path parameters as an object, like `query`. */
                          readonly params?: boolean | Readonly<Record<string, unknown>> | null | undefined
                          /** The media types of bodies, such as `application/json` or `image/*`. */
                          readonly contentTypes?: readonly string[] | null | undefined
                        }
                      | null
                      | undefined
                  }
              )[]
            | null
            | undefined
          /** The hosts at which callers reach it, such as `orders.example.com` or `*.example.com`. Those that the server maps to another environment, or to none, have no effect there. Default: every host of the environment, and `/{org}/{env}` of the gateway. */
          readonly hosts?: readonly string[] | null | undefined
          /** The HTTP methods that callers may use. GET also answers HEAD. */
          readonly methods?:
            | readonly ('GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS')[]
            | null
            | undefined
          /** The credentials that callers must send: each one that is true. */
          readonly authentication?:
            | {
                /** Callers must send an API key; `optional`: they may, and a key that is sent must be valid. */
                readonly apiKey?: boolean | 'optional' | null | undefined
                /** Callers must send a JWT. */
                readonly jwt?: boolean | null | undefined
                /** Callers must send Basic credentials. */
                readonly basic?: boolean | null | undefined
              }
            | null
            | undefined
          /** Whether a public API key opens the pipeline too. */
          readonly acceptsPublicKeys?: boolean | null | undefined
          /** Whether a path may contain `%2F`. Some servers read it as `/`. */
          readonly encodedSlashes?: 'refuse' | 'allow' | null | undefined
          /** `optional`: each path also matches with a final `/`, or without the one it has. */
          readonly trailingSlash?: 'exact' | 'optional' | null | undefined
          /** Whether the API key may come as the query parameter `apikey`. */
          readonly apiKeyInQuery?: boolean | null | undefined
          /** Whether callers get their JWT from this pipeline, so that no policy asks them for one. */
          readonly login?: boolean | null | undefined
          /** Which pages of other origins may call the pipeline; null for none. */
          readonly cors?:
            | {
                /** The origins whose pages may call the pipeline, such as `https://app.example.com`, or `https://*.example.com` for all of its subdomains; or only `*`. */
                readonly origins: readonly string[]
                /** Further headers that pages may send, besides `content-type` and those of the credentials. */
                readonly headers?: readonly string[] | null | undefined
                /** Further response headers that pages may read, besides `x-request-id`, `x-sallyport-code` and those of rate limits. */
                readonly exposedHeaders?: readonly string[] | null | undefined
                /** Whether browsers may send cookies and stored credentials. Not with `*`. */
                readonly credentials?: boolean | null | undefined
                /** How long browsers may cache the answer to a preflight, in seconds; 0 for not at all. */
                readonly maxAge?: number | null | undefined
              }
            | null
            | undefined
          /** The limits of each request. */
          readonly limits?:
            | {
                /** The largest request body, in bytes. Default: 5242880, for http-file 104857600. */
                readonly requestBytes?: number | null | undefined
                /** The time for the whole request or run, in milliseconds. */
                readonly timeoutMs?: number | null | undefined
              }
            | null
            | undefined
          /** How often each caller may call the pipeline; empty for no limit. */
          readonly rateLimits?:
            | readonly {
                /** The most requests in one burst; they refill evenly over `per`. */
                readonly requests: number
                /** The time in which `requests` refill; a month has 30 days. */
                readonly per: 'second' | 'minute' | 'hour' | 'day' | 'month'
                /** What a limit of a trigger counts: each consumer, or each credential. A limit of a key counts the key. */
                readonly by?: 'consumer' | 'credential' | null | undefined
              }[]
            | null
            | undefined
          /** Headers of every response, refusals included. They replace those of steps and upstreams; null only removes them. */
          readonly responseHeaders?: Readonly<Record<string, string | null>> | null | undefined
          /** What requests must contain: JSON Schemas of the body, the query and the path parameters. */
          readonly request?:
            | {
                /** A JSON Schema (2020-12) of the body. Without `contentTypes`, bodies must then be JSON. */
                readonly body?: boolean | Readonly<Record<string, unknown>> | null | undefined
                /** A JSON Schema of the query as an object. Values get the types that it states. */
                readonly query?: boolean | Readonly<Record<string, unknown>> | null | undefined
                /** A JSON Schema of the path parameters as an object, like `query`. */
                readonly params?: boolean | Readonly<Record<string, unknown>> | null | undefined
                /** The media types of bodies, such as `application/json` or `image/*`. */
                readonly contentTypes?: readonly string[] | null | undefined
              }
            | null
            | undefined
          /** JSON Schemas by name. Those of `request` refer to them as `#/$defs/NAME`, and they to each other. */
          readonly schemas?:
            | Readonly<Record<string, boolean | Readonly<Record<string, unknown>>>>
            | null
            | undefined
          /** The addresses and ranges that callers must have, with any credential; empty for every address. */
          readonly addressRules?: readonly string[] | null | undefined
          /** While it is not null, callers get 503, and nothing runs. */
          readonly maintenance?:
            | {
                /** What callers are told, as sentences; null for the usual one. */
                readonly detail?: string | null | undefined
                /** When callers may try again, in seconds: the header `Retry-After`. */
                readonly retryAfterSeconds?: number | null | undefined
                /** Addresses and ranges whose callers are served all the same. */
                readonly exceptAddresses?: readonly string[] | null | undefined
              }
            | null
            | undefined
          /** That callers should move away: every response says so. */
          readonly deprecation?:
            | {
                /** Since when callers should not rely on the pipeline. It can lie ahead. */
                readonly since: string
                /** When the pipeline will end; null if unknown. */
                readonly sunset?: string | null | undefined
                /** The URL of a page that explains it. */
                readonly link?: string | null | undefined
                /** The URL of what replaces the pipeline. */
                readonly successor?: string | null | undefined
              }
            | null
            | undefined
          /** A further header for the id of each request, such as `X-Correlation-ID`: callers may send it, and upstreams and responses have it beside `x-request-id`. */
          readonly correlationHeader?: string | null | undefined
          /** Which responses are compressed for callers that accept it; none without it. */
          readonly compression?:
            | {
                /** The smallest body that is compressed, in bytes. */
                readonly minBytes?: number | null | undefined
                /** The media types that are compressed, such as `application/json` or `text/*`. Default: text, JSON, XML, scripts and SVG. */
                readonly contentTypes?: readonly string[] | null | undefined
              }
            | null
            | undefined
          /** Whether upstreams get the labels of the caller in `x-sallyport-labels`, and steps in `auth.labels`. */
          readonly sendLabels?: boolean | null | undefined
        }
      | {
          /** It starts at due times, without a caller. */
          readonly kind: 'schedule'
          /** Its due times, as five cron fields, such as `*\/5 * * * *`, or one of `@hourly`, `@daily`, `@weekly`, `@monthly` and `@yearly`. */
          readonly schedule: string
          /** The time zone of the schedule, as a name of the IANA database, such as `Europe/Berlin`. */
          readonly timeZone?: string | null | undefined
          /** What happens at a due time while the run before goes on: `forbid` waits up to a minute for its end and then skips, `replace` ends it, `allow` starts beside it. */
          readonly overlap?: 'allow' | 'forbid' | 'replace' | null | undefined
          /** Whether `one` run makes up for all due times that passed while no gateway could run them, or `none`. */
          readonly catchUp?: 'none' | 'one' | null | undefined
          /** The limits of each run. */
          readonly limits?:
            | {
                /** The time for the whole request or run, in milliseconds. */
                readonly timeoutMs?: number | null | undefined
              }
            | null
            | undefined
        }
    /** What the pipeline does, in order. */
    readonly steps: readonly {
      /** Passes the request on to an upstream, and its response to the caller. */
      readonly proxy?:
        | {
            /** Where requests go. Placeholders: `{name}` for a path parameter, `{*}` for the rest after a wildcard, `{path}` for the whole path, `{secrets.NAME}` for a secret. */
            readonly url: string
            /** What the upstream gets under the names of headers. */
            readonly headers?:
              | Readonly<
                  Record<
                    string,
                    | string
                    | null
                    | {
                        /** Lines to send after the caller's. */
                        readonly append: readonly string[]
                      }
                    | {
                        /** The header of the caller that is sent under this name, and no longer under its own. */
                        readonly from: string
                      }
                    | {
                        /** What the value depends on: the name of the consumer, or the id of the key. */
                        readonly by: 'consumer' | 'key'
                        /** The values, by the name of a consumer or the id of a key. */
                        readonly values: Readonly<Record<string, string>>
                        /** The value for all others; without one, they have no such header. */
                        readonly otherwise?: string | null | undefined
                      }
                  >
                >
              | null
              | undefined
            /** Headers of the response, by name; null removes one of the upstream's. */
            readonly responseHeaders?: Readonly<Record<string, string | null>> | null | undefined
            /** How responses are stored (RFC 9111); not at all without it. */
            readonly cache?:
              | {
                  /** How long a response is fresh that says nothing about it, in seconds; 0 to leave that to the upstream. */
                  readonly seconds?: number | null | undefined
                  /** Whether all callers share responses. The upstream then does not learn who calls. */
                  readonly shared?: boolean | null | undefined
                  /** The headers of the caller that pass to the upstream. A response is stored for each combination of their values, and no other header passes. */
                  readonly headers?: readonly string[] | null | undefined
                }
              | null
              | undefined
            /** At most the trigger's timeout. */
            readonly timeoutMs?: number | null | undefined
            /** Whether the upstream gets the host that the caller has addressed, instead of its own. */
            readonly preserveHost?: boolean | null | undefined
            /** Whether the upstream gets the beginning of the caller's path that is not part of its own, as `X-Forwarded-Prefix`. */
            readonly forwardedPrefix?: boolean | null | undefined
            /** The time for a connection to an upstream, in milliseconds. */
            readonly connectTimeoutMs?: number | null | undefined
            /** The time from the sent request to the first byte of the response, in milliseconds. */
            readonly firstByteTimeoutMs?: number | null | undefined
            /** The servers that can answer, that of the URL included. Default: that of the URL alone. */
            readonly targets?:
              | readonly {
                  /** Scheme, host and port of the server; path and query are those of the URL. `{vars.NAME}` stands for a variable. */
                  readonly origin: string
                  /** Its share of the requests, relative to the weights of the others. */
                  readonly weight?: number | null | undefined
                  /** Which requests it gets, before all other targets: those that meet every condition. */
                  readonly when?:
                    | {
                        /** Headers that the request must have, with these exact values. */
                        readonly headers?: Readonly<Record<string, string>> | null | undefined
                        /** The consumers whose requests it gets; empty for any caller. */
                        readonly consumers?: readonly string[] | null | undefined
                      }
                    | null
                    | undefined
                  /** Whether it gets requests only while no other target is available. */
                  readonly backup?: boolean | null | undefined
                }[]
              | null
              | undefined
            /** How requests are shared among the targets, and when they are sent again. */
            readonly balance?:
              | {
                  /** Whether each request is shared out by itself, or a caller stays at one target. */
                  readonly by?: 'request' | 'caller' | null | undefined
                  /** How many further targets a failed request may be sent to. */
                  readonly retries?: number | null | undefined
                  /** The methods whose requests may be sent again although a target may have received them. Other requests are sent again only if nothing of them was sent. */
                  readonly retryMethods?:
                    | readonly ('GET' | 'HEAD' | 'OPTIONS' | 'PUT' | 'DELETE')[]
                    | null
                    | undefined
                  /** How many failures in a row eject a target. */
                  readonly failures?: number | null | undefined
                  /** How long its first ejection takes, in milliseconds; each further one takes twice as long. */
                  readonly ejectionMs?: number | null | undefined
                  /** How each gateway checks the targets by itself; without it, only requests show which targets fail. */
                  readonly health?:
                    | {
                        /** The path, with a query if need be, of a GET that each target answers while it works. */
                        readonly path: string
                        /** The time between two checks of a target, in milliseconds; up to a tenth is added by chance. */
                        readonly intervalMs?: number | null | undefined
                        /** The time in which a target must answer, in milliseconds. */
                        readonly timeoutMs?: number | null | undefined
                        /** How many passed checks in a row let a target that had failed have requests again. */
                        readonly healthyAfter?: number | null | undefined
                        /** How many failed checks in a row keep requests from a target. */
                        readonly unhealthyAfter?: number | null | undefined
                        /** The statuses that pass. Default: any from 200 to 299. */
                        readonly statuses?: readonly number[] | null | undefined
                      }
                    | null
                    | undefined
                }
              | null
              | undefined
            /** TLS of the connections to the upstream. */
            readonly tls?:
              | {
                  /** Certificates as PEM, or `{secrets.NAME}`: one of them must have issued that of the upstream. Default: those that Node.js trusts. */
                  readonly ca?: string | null | undefined
                  /** The certificate that the upstream gets, and its chain, as PEM or `{secrets.NAME}`. */
                  readonly certificate?: string | null | undefined
                  /** The private key of the certificate: `{secrets.NAME}`. */
                  readonly key?: string | null | undefined
                  /** The name that the upstream's certificate must have. Default: the host of the URL or target. */
                  readonly serverName?: string | null | undefined
                }
              | null
              | undefined
          }
        | null
        | undefined
      /** Sends a request of its own; the response becomes the message. */
      readonly call?:
        | {
            /** Where requests go. Placeholders: `{name}` for a path parameter, `{*}` for the rest after a wildcard, `{path}` for the whole path, `{secrets.NAME}` for a secret. */
            readonly url: string
            /** Headers to send, by name. */
            readonly headers?:
              | Readonly<
                  Record<
                    string,
                    | string
                    | null
                    | {
                        /** What the value depends on: the name of the consumer, or the id of the key. */
                        readonly by: 'consumer' | 'key'
                        /** The values, by the name of a consumer or the id of a key. */
                        readonly values: Readonly<Record<string, string>>
                        /** The value for all others; without one, they have no such header. */
                        readonly otherwise?: string | null | undefined
                      }
                  >
                >
              | null
              | undefined
            /** At most the trigger's timeout. */
            readonly timeoutMs?: number | null | undefined
            /** Default: POST with a body, GET without one. */
            readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | null | undefined
            /** An expression; its result is sent as JSON, or as the `content-type` that `headers` set. */
            readonly body?: string | null | undefined
            /** The time for a connection to an upstream, in milliseconds. */
            readonly connectTimeoutMs?: number | null | undefined
            /** The time from the sent request to the first byte of the response, in milliseconds. */
            readonly firstByteTimeoutMs?: number | null | undefined
            /** The servers that can answer, that of the URL included. Default: that of the URL alone. */
            readonly targets?:
              | readonly {
                  /** Scheme, host and port of the server; path and query are those of the URL. `{vars.NAME}` stands for a variable. */
                  readonly origin: string
                  /** Its share of the requests, relative to the weights of the others. */
                  readonly weight?: number | null | undefined
                  /** Which requests it gets, before all other targets: those that meet every condition. */
                  readonly when?:
                    | {
                        /** Headers that the request must have, with these exact values. */
                        readonly headers?: Readonly<Record<string, string>> | null | undefined
                        /** The consumers whose requests it gets; empty for any caller. */
                        readonly consumers?: readonly string[] | null | undefined
                      }
                    | null
                    | undefined
                  /** Whether it gets requests only while no other target is available. */
                  readonly backup?: boolean | null | undefined
                }[]
              | null
              | undefined
            /** How requests are shared among the targets, and when they are sent again. */
            readonly balance?:
              | {
                  /** Whether each request is shared out by itself, or a caller stays at one target. */
                  readonly by?: 'request' | 'caller' | null | undefined
                  /** How many further targets a failed request may be sent to. */
                  readonly retries?: number | null | undefined
                  /** The methods whose requests may be sent again although a target may have received them. Other requests are sent again only if nothing of them was sent. */
                  readonly retryMethods?:
                    | readonly ('GET' | 'HEAD' | 'OPTIONS' | 'PUT' | 'DELETE')[]
                    | null
                    | undefined
                  /** How many failures in a row eject a target. */
                  readonly failures?: number | null | undefined
                  /** How long its first ejection takes, in milliseconds; each further one takes twice as long. */
                  readonly ejectionMs?: number | null | undefined
                  /** How each gateway checks the targets by itself; without it, only requests show which targets fail. */
                  readonly health?:
                    | {
                        /** The path, with a query if need be, of a GET that each target answers while it works. */
                        readonly path: string
                        /** The time between two checks of a target, in milliseconds; up to a tenth is added by chance. */
                        readonly intervalMs?: number | null | undefined
                        /** The time in which a target must answer, in milliseconds. */
                        readonly timeoutMs?: number | null | undefined
                        /** How many passed checks in a row let a target that had failed have requests again. */
                        readonly healthyAfter?: number | null | undefined
                        /** How many failed checks in a row keep requests from a target. */
                        readonly unhealthyAfter?: number | null | undefined
                        /** The statuses that pass. Default: any from 200 to 299. */
                        readonly statuses?: readonly number[] | null | undefined
                      }
                    | null
                    | undefined
                }
              | null
              | undefined
            /** TLS of the connections to the upstream. */
            readonly tls?:
              | {
                  /** Certificates as PEM, or `{secrets.NAME}`: one of them must have issued that of the upstream. Default: those that Node.js trusts. */
                  readonly ca?: string | null | undefined
                  /** The certificate that the upstream gets, and its chain, as PEM or `{secrets.NAME}`. */
                  readonly certificate?: string | null | undefined
                  /** The private key of the certificate: `{secrets.NAME}`. */
                  readonly key?: string | null | undefined
                  /** The name that the upstream's certificate must have. Default: the host of the URL or target. */
                  readonly serverName?: string | null | undefined
                }
              | null
              | undefined
          }
        | null
        | undefined
      /** Changes the message. */
      readonly transform?:
        | {
            /** An expression for the body. */
            readonly body?: string | null | undefined
            /** Headers to set, by name, each with an expression. */
            readonly headers?: Readonly<Record<string, string>> | null | undefined
            /** The status of the response: a number, or an expression. */
            readonly status?: number | string | null | undefined
          }
        | null
        | undefined
      /** Ends the pipeline with a problem unless a condition holds. */
      readonly assert?:
        | {
            /** An expression; any result except `true` ends the pipeline. */
            readonly that: string
            /** The HTTP status of the problem. */
            readonly status: number
            /** The code of the problem. */
            readonly code: string
            /** A sentence for the caller. */
            readonly detail: string
          }
        | null
        | undefined
      /** Checks a username and a password against the Basic credentials of the environment. */
      readonly 'credentials.verify'?:
        | {
            /** An expression for the username. */
            readonly username: string
            /** An expression for the password. */
            readonly password: string
          }
        | null
        | undefined
      /** Issues a JWT, in the body and in the header `authorization`. */
      readonly 'jwt.generate'?:
        | {
            /** An expression for the claim `sub`. */
            readonly subject: string
            /** Further claims of the JWT. */
            readonly claims?: string | Readonly<Record<string, string>> | null | undefined
            /** The claim `scope` of the JWT. */
            readonly scopes?: string | readonly string[] | null | undefined
            /** How long the JWT lives: whole seconds, or text such as "15m", "12h" or "30d". */
            readonly expiresIn: number | string
          }
        | null
        | undefined
      /** Verifies a JWT and puts its claims into the body. */
      readonly 'jwt.decode'?:
        | {
            /** An expression for the JWT. */
            readonly token: string
          }
        | null
        | undefined
      /** Gets an access token for the upstreams of later steps: `{oauth.token}` in their headers. */
      readonly 'oauth.token'?:
        | {
            /** The token endpoint of the authorization server. Placeholders: `{vars.NAME}` for a variable. */
            readonly tokenUrl: string
            /** The client id. Placeholders: `{secrets.NAME}` for a secret, `{vars.NAME}` for a variable. */
            readonly clientId: string
            /** The client secret, as `{secrets.NAME}` for a secret of the environment. */
            readonly clientSecret: string
            /** The scopes to ask for; those of the client unless given. */
            readonly scopes?: readonly string[] | null | undefined
            /** The parameter `audience`, which some authorization servers need to know the API. */
            readonly audience?: string | null | undefined
            /** How the client proves its identity: by HTTP Basic, or with members of the form. */
            readonly authentication?: 'basic' | 'body' | null | undefined
            /** How long a request waits for the token, in milliseconds. */
            readonly timeoutMs?: number | null | undefined
          }
        | null
        | undefined
      /** Responds to the caller and ends the pipeline. */
      readonly respond?:
        | {
            /** Default: the message's status. */
            readonly status?: number | null | undefined
            /** Headers of the response, by name. */
            readonly headers?: Readonly<Record<string, string>> | null | undefined
            /** Default: the message's body. */
            readonly body?: unknown
          }
        | null
        | undefined
    }[]
  }
}

export interface GetPipelineInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The name of the pipeline. */
  readonly pipeline: string
}

export interface RemovePipelineInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The name of the pipeline. */
  readonly pipeline: string
  /** How many seconds to wait until every gateway has applied the change. */
  readonly wait?: number | undefined
}

export interface ListVersionsInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The name of the pipeline. */
  readonly pipeline: string
  /** The most items in the response. */
  readonly limit?: number | undefined
}

export interface CreateVersionInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The name of the pipeline. */
  readonly pipeline: string
  /** When the pipeline starts, who may call it, and what it does. */
  readonly spec: {
    /** When the pipeline starts, and what a caller must send. */
    readonly trigger:
      | {
          /** How requests start it: `rest` takes JSON bodies, `http` any, `http-file` large ones that steps cannot read. */
          readonly kind: 'rest' | 'http' | 'http-file'
          /** The path that callers use; `:name` or `{name}` stands for one segment or a part of it, `*` for the rest, `/**` for the path itself and everything below. Default: `/v{major}/{pipeline name}`. */
          readonly path?: string | null | undefined
          /** Further paths of the pipeline, each as its text or with methods of its own. */
          readonly routes?:
            | readonly (
                | string
                | {
                    /** The path that callers use. */
                    readonly path: string
                    /** The methods of this path, instead of the trigger's. Routes of one path have different ones. */
                    readonly methods: readonly (
                      | 'GET'
                      | 'HEAD'
                      | 'POST'
                      | 'PUT'
                      | 'PATCH'
                      | 'DELETE'
                      | 'OPTIONS'
                    )[]
                    /** What requests for these methods of the path must contain, instead of the trigger's `request`. */
                    readonly request?:
                      | {
                          /** A JSON Schema (2020-12) of the body. Without `contentTypes`, bodies must then be JSON. */
                          readonly body?: boolean | Readonly<Record<string, unknown>> | null | undefined
                          /** A JSON Schema of the query as an object. Values get the types that it states. */
                          readonly query?: boolean | Readonly<Record<string, unknown>> | null | undefined
                          /** A JSON Schema of the path parameters as an object, like `query`. */
                          readonly params?: boolean | Readonly<Record<string, unknown>> | null | undefined
                          /** The media types of bodies, such as `application/json` or `image/*`. */
                          readonly contentTypes?: readonly string[] | null | undefined
                        }
                      | null
                      | undefined
                  }
              )[]
            | null
            | undefined
          /** The hosts at which callers reach it, such as `orders.example.com` or `*.example.com`. Those that the server maps to another environment, or to none, have no effect there. Default: every host of the environment, and `/{org}/{env}` of the gateway. */
          readonly hosts?: readonly string[] | null | undefined
          /** The HTTP methods that callers may use. GET also answers HEAD. */
          readonly methods?:
            | readonly ('GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS')[]
            | null
            | undefined
          /** The credentials that callers must send: each one that is true. */
          readonly authentication?:
            | {
                /** Callers must send an API key; `optional`: they may, and a key that is sent must be valid. */
                readonly apiKey?: boolean | 'optional' | null | undefined
                /** Callers must send a JWT. */
                readonly jwt?: boolean | null | undefined
                /** Callers must send Basic credentials. */
                readonly basic?: boolean | null | undefined
              }
            | null
            | undefined
          /** Whether a public API key opens the pipeline too. */
          readonly acceptsPublicKeys?: boolean | null | undefined
          /** Whether a path may contain `%2F`. Some servers read it as `/`. */
          readonly encodedSlashes?: 'refuse' | 'allow' | null | undefined
          /** `optional`: each path also matches with a final `/`, or without the one it has. */
          readonly trailingSlash?: 'exact' | 'optional' | null | undefined
          /** Whether the API key may come as the query parameter `apikey`. */
          readonly apiKeyInQuery?: boolean | null | undefined
          /** Whether callers get their JWT from this pipeline, so that no policy asks them for one. */
          readonly login?: boolean | null | undefined
          /** Which pages of other origins may call the pipeline; null for none. */
          readonly cors?:
            | {
                /** The origins whose pages may call the pipeline, such as `https://app.example.com`, or `https://*.example.com` for all of its subdomains; or only `*`. */
                readonly origins: readonly string[]
                /** Further headers that pages may send, besides `content-type` and those of the credentials. */
                readonly headers?: readonly string[] | null | undefined
                /** Further response headers that pages may read, besides `x-request-id`, `x-sallyport-code` and those of rate limits. */
                readonly exposedHeaders?: readonly string[] | null | undefined
                /** Whether browsers may send cookies and stored credentials. Not with `*`. */
                readonly credentials?: boolean | null | undefined
                /** How long browsers may cache the answer to a preflight, in seconds; 0 for not at all. */
                readonly maxAge?: number | null | undefined
              }
            | null
            | undefined
          /** The limits of each request. */
          readonly limits?:
            | {
                /** The largest request body, in bytes. Default: 5242880, for http-file 104857600. */
                readonly requestBytes?: number | null | undefined
                /** The time for the whole request or run, in milliseconds. */
                readonly timeoutMs?: number | null | undefined
              }
            | null
            | undefined
          /** How often each caller may call the pipeline; empty for no limit. */
          readonly rateLimits?:
            | readonly {
                /** The most requests in one burst; they refill evenly over `per`. */
                readonly requests: number
                /** The time in which `requests` refill; a month has 30 days. */
                readonly per: 'second' | 'minute' | 'hour' | 'day' | 'month'
                /** What a limit of a trigger counts: each consumer, or each credential. A limit of a key counts the key. */
                readonly by?: 'consumer' | 'credential' | null | undefined
              }[]
            | null
            | undefined
          /** Headers of every response, refusals included. They replace those of steps and upstreams; null only removes them. */
          readonly responseHeaders?: Readonly<Record<string, string | null>> | null | undefined
          /** What requests must contain: JSON Schemas of the body, the query and the path parameters. */
          readonly request?:
            | {
                /** A JSON Schema (2020-12) of the body. Without `contentTypes`, bodies must then be JSON. */
                readonly body?: boolean | Readonly<Record<string, unknown>> | null | undefined
                /** A JSON Schema of the query as an object. Values get the types that it states. */
                readonly query?: boolean | Readonly<Record<string, unknown>> | null | undefined
                /** A JSON Schema of the path parameters as an object, like `query`. */
                readonly params?: boolean | Readonly<Record<string, unknown>> | null | undefined
                /** The media types of bodies, such as `application/json` or `image/*`. */
                readonly contentTypes?: readonly string[] | null | undefined
              }
            | null
            | undefined
          /** JSON Schemas by name. Those of `request` refer to them as `#/$defs/NAME`, and they to each other. */
          readonly schemas?:
            | Readonly<Record<string, boolean | Readonly<Record<string, unknown>>>>
            | null
            | undefined
          /** The addresses and ranges that callers must have, with any credential; empty for every address. */
          readonly addressRules?: readonly string[] | null | undefined
          /** While it is not null, callers get 503, and nothing runs. */
          readonly maintenance?:
            | {
                /** What callers are told, as sentences; null for the usual one. */
                readonly detail?: string | null | undefined
                /** When callers may try again, in seconds: the header `Retry-After`. */
                readonly retryAfterSeconds?: number | null | undefined
                /** Addresses and ranges whose callers are served all the same. */
                readonly exceptAddresses?: readonly string[] | null | undefined
              }
            | null
            | undefined
          /** That callers should move away: every response says so. */
          readonly deprecation?:
            | {
                /** Since when callers should not rely on the pipeline. It can lie ahead. */
                readonly since: string
                /** When the pipeline will end; null if unknown. */
                readonly sunset?: string | null | undefined
                /** The URL of a page that explains it. */
                readonly link?: string | null | undefined
                /** The URL of what replaces the pipeline. */
                readonly successor?: string | null | undefined
              }
            | null
            | undefined
          /** A further header for the id of each request, such as `X-Correlation-ID`: callers may send it, and upstreams and responses have it beside `x-request-id`. */
          readonly correlationHeader?: string | null | undefined
          /** Which responses are compressed for callers that accept it; none without it. */
          readonly compression?:
            | {
                /** The smallest body that is compressed, in bytes. */
                readonly minBytes?: number | null | undefined
                /** The media types that are compressed, such as `application/json` or `text/*`. Default: text, JSON, XML, scripts and SVG. */
                readonly contentTypes?: readonly string[] | null | undefined
              }
            | null
            | undefined
          /** Whether upstreams get the labels of the caller in `x-sallyport-labels`, and steps in `auth.labels`. */
          readonly sendLabels?: boolean | null | undefined
        }
      | {
          /** It starts at due times, without a caller. */
          readonly kind: 'schedule'
          /** Its due times, as five cron fields, such as `*\/5 * * * *`, or one of `@hourly`, `@daily`, `@weekly`, `@monthly` and `@yearly`. */
          readonly schedule: string
          /** The time zone of the schedule, as a name of the IANA database, such as `Europe/Berlin`. */
          readonly timeZone?: string | null | undefined
          /** What happens at a due time while the run before goes on: `forbid` waits up to a minute for its end and then skips, `replace` ends it, `allow` starts beside it. */
          readonly overlap?: 'allow' | 'forbid' | 'replace' | null | undefined
          /** Whether `one` run makes up for all due times that passed while no gateway could run them, or `none`. */
          readonly catchUp?: 'none' | 'one' | null | undefined
          /** The limits of each run. */
          readonly limits?:
            | {
                /** The time for the whole request or run, in milliseconds. */
                readonly timeoutMs?: number | null | undefined
              }
            | null
            | undefined
        }
    /** What the pipeline does, in order. */
    readonly steps: readonly {
      /** Passes the request on to an upstream, and its response to the caller. */
      readonly proxy?:
        | {
            /** Where requests go. Placeholders: `{name}` for a path parameter, `{*}` for the rest after a wildcard, `{path}` for the whole path, `{secrets.NAME}` for a secret. */
            readonly url: string
            /** What the upstream gets under the names of headers. */
            readonly headers?:
              | Readonly<
                  Record<
                    string,
                    | string
                    | null
                    | {
                        /** Lines to send after the caller's. */
                        readonly append: readonly string[]
                      }
                    | {
                        /** The header of the caller that is sent under this name, and no longer under its own. */
                        readonly from: string
                      }
                    | {
                        /** What the value depends on: the name of the consumer, or the id of the key. */
                        readonly by: 'consumer' | 'key'
                        /** The values, by the name of a consumer or the id of a key. */
                        readonly values: Readonly<Record<string, string>>
                        /** The value for all others; without one, they have no such header. */
                        readonly otherwise?: string | null | undefined
                      }
                  >
                >
              | null
              | undefined
            /** Headers of the response, by name; null removes one of the upstream's. */
            readonly responseHeaders?: Readonly<Record<string, string | null>> | null | undefined
            /** How responses are stored (RFC 9111); not at all without it. */
            readonly cache?:
              | {
                  /** How long a response is fresh that says nothing about it, in seconds; 0 to leave that to the upstream. */
                  readonly seconds?: number | null | undefined
                  /** Whether all callers share responses. The upstream then does not learn who calls. */
                  readonly shared?: boolean | null | undefined
                  /** The headers of the caller that pass to the upstream. A response is stored for each combination of their values, and no other header passes. */
                  readonly headers?: readonly string[] | null | undefined
                }
              | null
              | undefined
            /** At most the trigger's timeout. */
            readonly timeoutMs?: number | null | undefined
            /** Whether the upstream gets the host that the caller has addressed, instead of its own. */
            readonly preserveHost?: boolean | null | undefined
            /** Whether the upstream gets the beginning of the caller's path that is not part of its own, as `X-Forwarded-Prefix`. */
            readonly forwardedPrefix?: boolean | null | undefined
            /** The time for a connection to an upstream, in milliseconds. */
            readonly connectTimeoutMs?: number | null | undefined
            /** The time from the sent request to the first byte of the response, in milliseconds. */
            readonly firstByteTimeoutMs?: number | null | undefined
            /** The servers that can answer, that of the URL included. Default: that of the URL alone. */
            readonly targets?:
              | readonly {
                  /** Scheme, host and port of the server; path and query are those of the URL. `{vars.NAME}` stands for a variable. */
                  readonly origin: string
                  /** Its share of the requests, relative to the weights of the others. */
                  readonly weight?: number | null | undefined
                  /** Which requests it gets, before all other targets: those that meet every condition. */
                  readonly when?:
                    | {
                        /** Headers that the request must have, with these exact values. */
                        readonly headers?: Readonly<Record<string, string>> | null | undefined
                        /** The consumers whose requests it gets; empty for any caller. */
                        readonly consumers?: readonly string[] | null | undefined
                      }
                    | null
                    | undefined
                  /** Whether it gets requests only while no other target is available. */
                  readonly backup?: boolean | null | undefined
                }[]
              | null
              | undefined
            /** How requests are shared among the targets, and when they are sent again. */
            readonly balance?:
              | {
                  /** Whether each request is shared out by itself, or a caller stays at one target. */
                  readonly by?: 'request' | 'caller' | null | undefined
                  /** How many further targets a failed request may be sent to. */
                  readonly retries?: number | null | undefined
                  /** The methods whose requests may be sent again although a target may have received them. Other requests are sent again only if nothing of them was sent. */
                  readonly retryMethods?:
                    | readonly ('GET' | 'HEAD' | 'OPTIONS' | 'PUT' | 'DELETE')[]
                    | null
                    | undefined
                  /** How many failures in a row eject a target. */
                  readonly failures?: number | null | undefined
                  /** How long its first ejection takes, in milliseconds; each further one takes twice as long. */
                  readonly ejectionMs?: number | null | undefined
                  /** How each gateway checks the targets by itself; without it, only requests show which targets fail. */
                  readonly health?:
                    | {
                        /** The path, with a query if need be, of a GET that each target answers while it works. */
                        readonly path: string
                        /** The time between two checks of a target, in milliseconds; up to a tenth is added by chance. */
                        readonly intervalMs?: number | null | undefined
                        /** The time in which a target must answer, in milliseconds. */
                        readonly timeoutMs?: number | null | undefined
                        /** How many passed checks in a row let a target that had failed have requests again. */
                        readonly healthyAfter?: number | null | undefined
                        /** How many failed checks in a row keep requests from a target. */
                        readonly unhealthyAfter?: number | null | undefined
                        /** The statuses that pass. Default: any from 200 to 299. */
                        readonly statuses?: readonly number[] | null | undefined
                      }
                    | null
                    | undefined
                }
              | null
              | undefined
            /** TLS of the connections to the upstream. */
            readonly tls?:
              | {
                  /** Certificates as PEM, or `{secrets.NAME}`: one of them must have issued that of the upstream. Default: those that Node.js trusts. */
                  readonly ca?: string | null | undefined
                  /** The certificate that the upstream gets, and its chain, as PEM or `{secrets.NAME}`. */
                  readonly certificate?: string | null | undefined
                  /** The private key of the certificate: `{secrets.NAME}`. */
                  readonly key?: string | null | undefined
                  /** The name that the upstream's certificate must have. Default: the host of the URL or target. */
                  readonly serverName?: string | null | undefined
                }
              | null
              | undefined
          }
        | null
        | undefined
      /** Sends a request of its own; the response becomes the message. */
      readonly call?:
        | {
            /** Where requests go. Placeholders: `{name}` for a path parameter, `{*}` for the rest after a wildcard, `{path}` for the whole path, `{secrets.NAME}` for a secret. */
            readonly url: string
            /** Headers to send, by name. */
            readonly headers?:
              | Readonly<
                  Record<
                    string,
                    | string
                    | null
                    | {
                        /** What the value depends on: the name of the consumer, or the id of the key. */
                        readonly by: 'consumer' | 'key'
                        /** The values, by the name of a consumer or the id of a key. */
                        readonly values: Readonly<Record<string, string>>
                        /** The value for all others; without one, they have no such header. */
                        readonly otherwise?: string | null | undefined
                      }
                  >
                >
              | null
              | undefined
            /** At most the trigger's timeout. */
            readonly timeoutMs?: number | null | undefined
            /** Default: POST with a body, GET without one. */
            readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | null | undefined
            /** An expression; its result is sent as JSON, or as the `content-type` that `headers` set. */
            readonly body?: string | null | undefined
            /** The time for a connection to an upstream, in milliseconds. */
            readonly connectTimeoutMs?: number | null | undefined
            /** The time from the sent request to the first byte of the response, in milliseconds. */
            readonly firstByteTimeoutMs?: number | null | undefined
            /** The servers that can answer, that of the URL included. Default: that of the URL alone. */
            readonly targets?:
              | readonly {
                  /** Scheme, host and port of the server; path and query are those of the URL. `{vars.NAME}` stands for a variable. */
                  readonly origin: string
                  /** Its share of the requests, relative to the weights of the others. */
                  readonly weight?: number | null | undefined
                  /** Which requests it gets, before all other targets: those that meet every condition. */
                  readonly when?:
                    | {
                        /** Headers that the request must have, with these exact values. */
                        readonly headers?: Readonly<Record<string, string>> | null | undefined
                        /** The consumers whose requests it gets; empty for any caller. */
                        readonly consumers?: readonly string[] | null | undefined
                      }
                    | null
                    | undefined
                  /** Whether it gets requests only while no other target is available. */
                  readonly backup?: boolean | null | undefined
                }[]
              | null
              | undefined
            /** How requests are shared among the targets, and when they are sent again. */
            readonly balance?:
              | {
                  /** Whether each request is shared out by itself, or a caller stays at one target. */
                  readonly by?: 'request' | 'caller' | null | undefined
                  /** How many further targets a failed request may be sent to. */
                  readonly retries?: number | null | undefined
                  /** The methods whose requests may be sent again although a target may have received them. Other requests are sent again only if nothing of them was sent. */
                  readonly retryMethods?:
                    | readonly ('GET' | 'HEAD' | 'OPTIONS' | 'PUT' | 'DELETE')[]
                    | null
                    | undefined
                  /** How many failures in a row eject a target. */
                  readonly failures?: number | null | undefined
                  /** How long its first ejection takes, in milliseconds; each further one takes twice as long. */
                  readonly ejectionMs?: number | null | undefined
                  /** How each gateway checks the targets by itself; without it, only requests show which targets fail. */
                  readonly health?:
                    | {
                        /** The path, with a query if need be, of a GET that each target answers while it works. */
                        readonly path: string
                        /** The time between two checks of a target, in milliseconds; up to a tenth is added by chance. */
                        readonly intervalMs?: number | null | undefined
                        /** The time in which a target must answer, in milliseconds. */
                        readonly timeoutMs?: number | null | undefined
                        /** How many passed checks in a row let a target that had failed have requests again. */
                        readonly healthyAfter?: number | null | undefined
                        /** How many failed checks in a row keep requests from a target. */
                        readonly unhealthyAfter?: number | null | undefined
                        /** The statuses that pass. Default: any from 200 to 299. */
                        readonly statuses?: readonly number[] | null | undefined
                      }
                    | null
                    | undefined
                }
              | null
              | undefined
            /** TLS of the connections to the upstream. */
            readonly tls?:
              | {
                  /** Certificates as PEM, or `{secrets.NAME}`: one of them must have issued that of the upstream. Default: those that Node.js trusts. */
                  readonly ca?: string | null | undefined
                  /** The certificate that the upstream gets, and its chain, as PEM or `{secrets.NAME}`. */
                  readonly certificate?: string | null | undefined
                  /** The private key of the certificate: `{secrets.NAME}`. */
                  readonly key?: string | null | undefined
                  /** The name that the upstream's certificate must have. Default: the host of the URL or target. */
                  readonly serverName?: string | null | undefined
                }
              | null
              | undefined
          }
        | null
        | undefined
      /** Changes the message. */
      readonly transform?:
        | {
            /** An expression for the body. */
            readonly body?: string | null | undefined
            /** Headers to set, by name, each with an expression. */
            readonly headers?: Readonly<Record<string, string>> | null | undefined
            /** The status of the response: a number, or an expression. */
            readonly status?: number | string | null | undefined
          }
        | null
        | undefined
      /** Ends the pipeline with a problem unless a condition holds. */
      readonly assert?:
        | {
            /** An expression; any result except `true` ends the pipeline. */
            readonly that: string
            /** The HTTP status of the problem. */
            readonly status: number
            /** The code of the problem. */
            readonly code: string
            /** A sentence for the caller. */
            readonly detail: string
          }
        | null
        | undefined
      /** Checks a username and a password against the Basic credentials of the environment. */
      readonly 'credentials.verify'?:
        | {
            /** An expression for the username. */
            readonly username: string
            /** An expression for the password. */
            readonly password: string
          }
        | null
        | undefined
      /** Issues a JWT, in the body and in the header `authorization`. */
      readonly 'jwt.generate'?:
        | {
            /** An expression for the claim `sub`. */
            readonly subject: string
            /** Further claims of the JWT. */
            readonly claims?: string | Readonly<Record<string, string>> | null | undefined
            /** The claim `scope` of the JWT. */
            readonly scopes?: string | readonly string[] | null | undefined
            /** How long the JWT lives: whole seconds, or text such as "15m", "12h" or "30d". */
            readonly expiresIn: number | string
          }
        | null
        | undefined
      /** Verifies a JWT and puts its claims into the body. */
      readonly 'jwt.decode'?:
        | {
            /** An expression for the JWT. */
            readonly token: string
          }
        | null
        | undefined
      /** Gets an access token for the upstreams of later steps: `{oauth.token}` in their headers. */
      readonly 'oauth.token'?:
        | {
            /** The token endpoint of the authorization server. Placeholders: `{vars.NAME}` for a variable. */
            readonly tokenUrl: string
            /** The client id. Placeholders: `{secrets.NAME}` for a secret, `{vars.NAME}` for a variable. */
            readonly clientId: string
            /** The client secret, as `{secrets.NAME}` for a secret of the environment. */
            readonly clientSecret: string
            /** The scopes to ask for; those of the client unless given. */
            readonly scopes?: readonly string[] | null | undefined
            /** The parameter `audience`, which some authorization servers need to know the API. */
            readonly audience?: string | null | undefined
            /** How the client proves its identity: by HTTP Basic, or with members of the form. */
            readonly authentication?: 'basic' | 'body' | null | undefined
            /** How long a request waits for the token, in milliseconds. */
            readonly timeoutMs?: number | null | undefined
          }
        | null
        | undefined
      /** Responds to the caller and ends the pipeline. */
      readonly respond?:
        | {
            /** Default: the message's status. */
            readonly status?: number | null | undefined
            /** Headers of the response, by name. */
            readonly headers?: Readonly<Record<string, string>> | null | undefined
            /** Default: the message's body. */
            readonly body?: unknown
          }
        | null
        | undefined
    }[]
  }
  /** Which number of the version grows: `1.0` becomes `1.1` or `2.0`. */
  readonly bump?: 'minor' | 'major' | null | undefined
  /** The version that the spec is a change of. If another one is the latest by now, nothing is saved: 409 `conflict`. */
  readonly base?: string | null | undefined
  /** What has changed and why, for people to read. */
  readonly comment?: string | null | undefined
}

export interface GetVersionInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The name of the pipeline. */
  readonly pipeline: string
  /** The version, such as `1.0`. */
  readonly version: string
}

export interface ListScheduleRunsInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The name of the pipeline. */
  readonly pipeline: string
  /** The most items in the response. */
  readonly limit?: number | undefined
  /** The name of the environment. */
  readonly environment: string
}

export interface EvaluateExpressionsInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** JSONata expressions, which share the time and the size that one step has. */
  readonly expressions: readonly string[]
  /** The message that the expressions read. */
  readonly message?:
    | {
        /** Default: `GET`. */
        readonly method?: string | null | undefined
        /** The path within the environment. Default: `/`. */
        readonly path?: string | null | undefined
        /** The path parameters, decoded. */
        readonly params?: Readonly<Record<string, string>> | null | undefined
        /** The query; a list for a name that occurs more than once. */
        readonly query?: Readonly<Record<string, string | readonly string[]>> | null | undefined
        /** The headers by name; a list for one with several lines. Names are made lower case. */
        readonly headers?: Readonly<Record<string, string | readonly string[]>> | null | undefined
        /** The body as JSON. Default: null, as without a body. */
        readonly body?: unknown
        /** The caller. Default: null for each field, and no labels. */
        readonly auth?:
          | {
              /** The name of the consumer. */
              readonly consumer?: string | null | undefined
              /** The id of the consumer. */
              readonly consumerId?: string | null | undefined
              /** The id of the API key. */
              readonly key?: string | null | undefined
              /** The claims of the JWT. */
              readonly claims?: Readonly<Record<string, unknown>> | null | undefined
              /** The labels of the caller. */
              readonly labels?: Readonly<Record<string, string>> | null | undefined
            }
          | null
          | undefined
        /** Default: 200. */
        readonly status?: number | null | undefined
      }
    | null
    | undefined
}

export interface ListDeploymentsInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The most items in the response. */
  readonly limit?: number | undefined
  /** Only deployments that are live, or have ended. */
  readonly state?: 'live' | 'ended' | 'all' | undefined
  /** Only deployments in this environment. */
  readonly environment?: string | undefined
  /** Only deployments of this pipeline, and of removed pipelines of this name. */
  readonly pipeline?: string | undefined
}

export interface DeployInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** How many seconds to wait until every gateway has applied the change. */
  readonly wait?: number | undefined
  /** The name of the pipeline. */
  readonly pipeline: string
  /** The version to deploy, such as `1.0`. */
  readonly version: string
  /** The name of the environment. */
  readonly environment: string
  /** Check the gate without deploying. */
  readonly dryRun?: boolean | null | undefined
}

export interface GetDeploymentInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The id of the deployment. */
  readonly deployment: string
}

export interface UndeployInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The id of the deployment. */
  readonly deployment: string
  /** How many seconds to wait until every gateway has applied the change. */
  readonly wait?: number | undefined
}

export interface PromoteInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The id of the deployment. */
  readonly deployment: string
  /** How many seconds to wait until every gateway has applied the change. */
  readonly wait?: number | undefined
  /** The name of the environment to deploy to. */
  readonly environment: string
  /** Check the gate without deploying. */
  readonly dryRun?: boolean | null | undefined
}

export interface RollbackInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The id of the deployment. */
  readonly deployment: string
  /** How many seconds to wait until every gateway has applied the change. */
  readonly wait?: number | undefined
  /** Check the gate without deploying. */
  readonly dryRun?: boolean | null | undefined
}

export interface RedeployInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The id of the deployment. */
  readonly deployment: string
  /** How many seconds to wait until every gateway has applied the change. */
  readonly wait?: number | undefined
  /** Check the gate without deploying. */
  readonly dryRun?: boolean | null | undefined
}

export interface ListSecretsInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The name of the environment. */
  readonly environment: string
  /** The most items in the response. */
  readonly limit?: number | undefined
}

export interface GetSecretInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The name of the environment. */
  readonly environment: string
  /** The name of the secret: 1 to 64 of A-Z, 0-9 and "_", a letter first. */
  readonly name: string
}

export interface PutSecretInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The name of the environment. */
  readonly environment: string
  /** The name of the secret: 1 to 64 of A-Z, 0-9 and "_", a letter first. */
  readonly name: string
  /** How many seconds to wait until every gateway has applied the change. */
  readonly wait?: number | undefined
  /** No response contains it. */
  readonly value: string
}

export interface RemoveSecretInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The name of the environment. */
  readonly environment: string
  /** The name of the secret: 1 to 64 of A-Z, 0-9 and "_", a letter first. */
  readonly name: string
  /** How many seconds to wait until every gateway has applied the change. */
  readonly wait?: number | undefined
}

export interface ListVariablesInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The name of the environment. */
  readonly environment: string
  /** The most items in the response. */
  readonly limit?: number | undefined
}

export interface GetVariableInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The name of the environment. */
  readonly environment: string
  /** The name of the variable: 1 to 64 of A-Z, 0-9 and "_", a letter first. */
  readonly name: string
}

export interface PutVariableInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The name of the environment. */
  readonly environment: string
  /** The name of the variable: 1 to 64 of A-Z, 0-9 and "_", a letter first. */
  readonly name: string
  /** How many seconds to wait until every gateway has applied the change. */
  readonly wait?: number | undefined
  /** 1 to 4096 visible ASCII characters. */
  readonly value: string
}

export interface RemoveVariableInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The name of the environment. */
  readonly environment: string
  /** The name of the variable: 1 to 64 of A-Z, 0-9 and "_", a letter first. */
  readonly name: string
  /** How many seconds to wait until every gateway has applied the change. */
  readonly wait?: number | undefined
}

export interface ListSigningKeysInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The name of the environment. */
  readonly environment: string
  /** The most items in the response. */
  readonly limit?: number | undefined
}

export interface RotateSigningKeyInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The name of the environment. */
  readonly environment: string
  /** How many seconds to wait until every gateway has applied the change. */
  readonly wait?: number | undefined
  /** Default: EdDSA, which is Ed25519. */
  readonly algorithm?: 'EdDSA' | 'ES256' | 'RS256' | 'Ed25519' | null | undefined
  /** How long the previous key still verifies, in seconds; 0 invalidates its tokens at once. Default: until every token of a live deployment has expired, and at least an hour. */
  readonly overlapSeconds?: number | null | undefined
}

export interface RemoveSigningKeyInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The name of the environment. */
  readonly environment: string
  /** The id of the signing key, which is the `kid` of its JWTs. */
  readonly signingKey: string
  /** How many seconds to wait until every gateway has applied the change. */
  readonly wait?: number | undefined
}

export interface ListIssuersInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The name of the environment. */
  readonly environment: string
  /** The most items in the response. */
  readonly limit?: number | undefined
}

export interface CreateIssuerInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The name of the environment. */
  readonly environment: string
  /** The exact value of `iss` in its tokens. */
  readonly issuer: string
  /** Each token must have one of them in `aud`. */
  readonly audience: string | readonly string[]
  /** The https URL of its public keys. Send either this or `jwks`. */
  readonly jwksUrl?: string | null | undefined
  /** Its public keys as a JWK Set. Members that are not needed are not stored. */
  readonly jwks?:
    | {
        /** Public keys (RFC 7517). */
        readonly keys: readonly Readonly<Record<string, unknown>>[]
      }
    | null
    | undefined
}

export interface GetIssuerInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The name of the environment. */
  readonly environment: string
  /** The id of the trusted issuer, not its `iss`. */
  readonly issuer: string
}

export interface RemoveIssuerInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The name of the environment. */
  readonly environment: string
  /** The id of the trusted issuer, not its `iss`. */
  readonly issuer: string
  /** How many seconds to wait until every gateway has applied the change. */
  readonly wait?: number | undefined
}

export interface ListPlansInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The name of the environment. */
  readonly environment: string
  /** The most items in the response. */
  readonly limit?: number | undefined
}

export interface CreatePlanInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The name of the environment. */
  readonly environment: string
  /** The name, unique within the environment. */
  readonly name: string
  /** A name for people to read, in any script. */
  readonly title?: string | null | undefined
  /** A text for people to read. */
  readonly description?: string | null | undefined
  /** The rate limits of each consumer that has the plan; empty for none. At most one for each `per` and `scope`. */
  readonly rateLimits?:
    | readonly {
        /** The most requests in one burst; they refill evenly over `per`. */
        readonly requests: number
        /** The time in which `requests` refill; a month has 30 days. */
        readonly per: 'second' | 'minute' | 'hour' | 'day' | 'month'
        /** What a limit of a plan counts for each consumer: its requests to all pipelines of the environment together, or to each pipeline. */
        readonly scope?: 'environment' | 'pipeline' | null | undefined
      }[]
    | null
    | undefined
}

export interface GetPlanInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The name of the environment. */
  readonly environment: string
  /** The name of the plan. */
  readonly plan: string
}

export interface UpdatePlanInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The name of the environment. */
  readonly environment: string
  /** The name of the plan. */
  readonly plan: string
  /** How many seconds to wait until every gateway has applied the change. */
  readonly wait?: number | undefined
  /** A name for people to read, in any script. */
  readonly title?: string | null | undefined
  /** A text for people to read. */
  readonly description?: string | null | undefined
  /** All rate limits that the plan has afterwards. What was used under a limit stays used. */
  readonly rateLimits?:
    | readonly {
        /** The most requests in one burst; they refill evenly over `per`. */
        readonly requests: number
        /** The time in which `requests` refill; a month has 30 days. */
        readonly per: 'second' | 'minute' | 'hour' | 'day' | 'month'
        /** What a limit of a plan counts for each consumer: its requests to all pipelines of the environment together, or to each pipeline. */
        readonly scope?: 'environment' | 'pipeline' | null | undefined
      }[]
    | null
    | undefined
}

export interface RemovePlanInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The name of the environment. */
  readonly environment: string
  /** The name of the plan. */
  readonly plan: string
  /** How many seconds to wait until every gateway has applied the change. */
  readonly wait?: number | undefined
}

export interface ListConsumersInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The most items in the response. */
  readonly limit?: number | undefined
  /** Only consumers of this environment. */
  readonly environment?: string | undefined
  /** Only consumers that have the plan of this name. Needs `environment`. */
  readonly plan?: string | undefined
  /** Only consumers with this label: `team:payments`, or `team` for any value. Repeat it to demand several. */
  readonly label?: readonly string[] | undefined
}

export interface CreateConsumerInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The name, unique within the environment in any case. */
  readonly name: string
  /** A name for people to read, in any script. */
  readonly title?: string | null | undefined
  /** A text for people to read. */
  readonly description?: string | null | undefined
  /** The name of its environment. */
  readonly environment: string
  /** The names of the pipelines that the consumer may call. */
  readonly pipelines?: readonly string[] | null | undefined
  /** The names of the projects of which the consumer may call every pipeline, also those that come later. */
  readonly projects?: readonly string[] | null | undefined
  /** The labels of the consumer, by name. Default: none. */
  readonly labels?: Readonly<Record<string, string>> | null | undefined
  /** The name of its plan, one of its environment; null for none. */
  readonly plan?: string | null | undefined
  /** The expiry, address rules and rate limits of the first key. Default: none. */
  readonly key?:
    | {
        /** When the key expires; null for never. */
        readonly expiresAt?: string | null | undefined
        /** The addresses and ranges from which the key works; empty for all. */
        readonly addressRules?: readonly string[] | null | undefined
        /** The rate limits of the key; empty for none. */
        readonly rateLimits?:
          | readonly {
              /** The most requests in one burst; they refill evenly over `per`. */
              readonly requests: number
              /** The time in which `requests` refill; a month has 30 days. */
              readonly per: 'second' | 'minute' | 'hour' | 'day' | 'month'
              /** What a limit of a trigger counts: each consumer, or each credential. A limit of a key counts the key. */
              readonly by?: 'consumer' | 'credential' | null | undefined
            }[]
          | null
          | undefined
      }
    | null
    | undefined
}

export interface GetConsumerInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The id of the consumer. */
  readonly consumer: string
}

export interface UpdateConsumerInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The id of the consumer. */
  readonly consumer: string
  /** How many seconds to wait until every gateway has applied the change. */
  readonly wait?: number | undefined
  /** A name for people to read, in any script. */
  readonly title?: string | null | undefined
  /** A text for people to read. */
  readonly description?: string | null | undefined
  /** The names of the pipelines that the consumer may call. */
  readonly pipelines?: readonly string[] | null | undefined
  /** The names of the projects of which the consumer may call every pipeline, also those that come later. */
  readonly projects?: readonly string[] | null | undefined
  /** All labels that the consumer has afterwards, by name. */
  readonly labels?: Readonly<Record<string, string>> | null | undefined
  /** The name of its plan, one of its environment; null for none. */
  readonly plan?: string | null | undefined
  /** `inactive` makes every gateway reject all credentials of the consumer. */
  readonly status?: 'active' | 'inactive' | null | undefined
}

export interface RemoveConsumerInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The id of the consumer. */
  readonly consumer: string
  /** How many seconds to wait until every gateway has applied the change. */
  readonly wait?: number | undefined
}

export interface AddConsumerPipelineInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The id of the consumer. */
  readonly consumer: string
  /** How many seconds to wait until every gateway has applied the change. */
  readonly wait?: number | undefined
  /** The name of a pipeline. */
  readonly pipeline: string
}

export interface RemoveConsumerPipelineInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The id of the consumer. */
  readonly consumer: string
  /** The name of the pipeline. */
  readonly pipeline: string
  /** How many seconds to wait until every gateway has applied the change. */
  readonly wait?: number | undefined
}

export interface AddConsumerProjectInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The id of the consumer. */
  readonly consumer: string
  /** How many seconds to wait until every gateway has applied the change. */
  readonly wait?: number | undefined
  /** The name of a project. */
  readonly project: string
}

export interface RemoveConsumerProjectInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The id of the consumer. */
  readonly consumer: string
  /** The name of the project. */
  readonly project: string
  /** How many seconds to wait until every gateway has applied the change. */
  readonly wait?: number | undefined
}

export interface ListBasicCredentialsInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The id of the consumer. */
  readonly consumer: string
  /** The most items in the response. */
  readonly limit?: number | undefined
}

export interface CreateBasicCredentialInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The id of the consumer. */
  readonly consumer: string
  /** Unique within the environment of the consumer. */
  readonly username: string
}

export interface RemoveBasicCredentialInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The id of the consumer. */
  readonly consumer: string
  /** The username of the Basic credential. */
  readonly username: string
  /** How many seconds to wait until every gateway has applied the change. */
  readonly wait?: number | undefined
}

export interface ListRolesInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The most items in the response. */
  readonly limit?: number | undefined
}

export interface CreateRoleInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** Its name, by which keys are given the role. */
  readonly name: string
  /** What the role permits, each in the whole organization unless a scope limits it. */
  readonly permissions: readonly {
    /** What it permits, as `resource.action`. */
    readonly permission:
      | 'pipelines.read'
      | 'pipelines.write'
      | 'pipelines.deploy'
      | 'pipelines.invoke'
      | 'policies.read'
      | 'policies.write'
      | 'consumers.read'
      | 'consumers.write'
      | 'consumers.open-portal'
      | 'keys.read'
      | 'keys.create'
      | 'keys.write'
      | 'keys.roll'
      | 'keys.roll-self'
      | 'keys.delete'
      | 'keys.verify'
      | 'external-keys.read'
      | 'external-keys.write'
      | 'roles.read'
      | 'roles.write'
      | 'members.read'
      | 'members.write'
      | 'secrets.read'
      | 'secrets.write'
      | 'variables.read'
      | 'variables.write'
      | 'signing-keys.read'
      | 'signing-keys.write'
      | 'webhooks.read'
      | 'webhooks.write'
      | 'audit.read'
      | 'usage.read'
      | 'gateways.read'
      | 'organization.read'
      | 'organization.write'
    /** The only environment in which it holds. */
    readonly environment?: string | null | undefined
    /** The only project for which it holds. */
    readonly project?: string | null | undefined
    /** The only pipeline for which it holds. */
    readonly pipeline?: string | null | undefined
  }[]
}

export interface GetRoleInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The name of the role. */
  readonly role: string
}

export interface UpdateRoleInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The name of the role. */
  readonly role: string
  /** How many seconds to wait until every gateway has applied the change. */
  readonly wait?: number | undefined
  /** What the role permits, each in the whole organization unless a scope limits it. */
  readonly permissions: readonly {
    /** What it permits, as `resource.action`. */
    readonly permission:
      | 'pipelines.read'
      | 'pipelines.write'
      | 'pipelines.deploy'
      | 'pipelines.invoke'
      | 'policies.read'
      | 'policies.write'
      | 'consumers.read'
      | 'consumers.write'
      | 'consumers.open-portal'
      | 'keys.read'
      | 'keys.create'
      | 'keys.write'
      | 'keys.roll'
      | 'keys.roll-self'
      | 'keys.delete'
      | 'keys.verify'
      | 'external-keys.read'
      | 'external-keys.write'
      | 'roles.read'
      | 'roles.write'
      | 'members.read'
      | 'members.write'
      | 'secrets.read'
      | 'secrets.write'
      | 'variables.read'
      | 'variables.write'
      | 'signing-keys.read'
      | 'signing-keys.write'
      | 'webhooks.read'
      | 'webhooks.write'
      | 'audit.read'
      | 'usage.read'
      | 'gateways.read'
      | 'organization.read'
      | 'organization.write'
    /** The only environment in which it holds. */
    readonly environment?: string | null | undefined
    /** The only project for which it holds. */
    readonly project?: string | null | undefined
    /** The only pipeline for which it holds. */
    readonly pipeline?: string | null | undefined
  }[]
}

export interface RemoveRoleInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The name of the role. */
  readonly role: string
  /** How many seconds to wait until every gateway has applied the change. */
  readonly wait?: number | undefined
}

export interface PreviewRolesInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The names of custom and built-in roles. */
  readonly roles: readonly string[]
}

export interface ListMembersInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The most items in the response. */
  readonly limit?: number | undefined
}

export interface GetMemberInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The id of the person. */
  readonly member: string
}

export interface UpdateMemberInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The id of the person. */
  readonly member: string
  /** How many seconds to wait until every gateway has applied the change. */
  readonly wait?: number | undefined
  /** The roles that the member has from now on. You can only give and take permissions that you have. */
  readonly roles: readonly string[]
}

export interface RemoveMemberInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The id of the person. */
  readonly member: string
  /** How many seconds to wait until every gateway has applied the change. */
  readonly wait?: number | undefined
}

export interface ListInvitationsInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The most items in the response. */
  readonly limit?: number | undefined
}

export interface CreateInvitationInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The address of the person to invite. Only this address can accept. */
  readonly email: string
  /** The roles of the new member. You can only give permissions that you have. */
  readonly roles: readonly string[]
}

export interface WithdrawInvitationInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The id of the invitation. */
  readonly invitation: string
  /** How many seconds to wait until every gateway has applied the change. */
  readonly wait?: number | undefined
}

export interface ListKeysInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The most items in the response. */
  readonly limit?: number | undefined
  /** Only keys where each word of this text begins a word of the name, the id, the value of a label, or the end of a `hint`. Capitals do not matter. */
  readonly search?: string | undefined
  /** Only keys of this type. */
  readonly type?: 'public' | 'secret' | undefined
  /** Only keys in this state. */
  readonly state?: 'active' | 'rolling' | 'inactive' | 'expired' | 'deleted' | undefined
  /** Only keys of this environment. */
  readonly environment?: string | undefined
  /** Only keys of the consumer with this id. */
  readonly consumer?: string | undefined
  /** Only keys with this role. */
  readonly role?: string | undefined
  /** Only keys with this label of their own: `team:payments`, or `team` for any value. Repeat it to demand several. */
  readonly label?: readonly string[] | undefined
  /** Only keys with this freshness. */
  readonly freshness?: 'fresh' | 'due' | 'overdue' | undefined
  /** Only keys that have not expired, and do so within so many days, by `expiresAt` or `lifetimeEndsAt`. */
  readonly expiresWithinDays?: number | undefined
  /** Only keys whose last use was so many days ago; if there was none, their creation. */
  readonly unusedForDays?: number | undefined
  /** `true`: only keys that were never used. `false`: only keys that were. */
  readonly neverUsed?: 'true' | 'false' | undefined
  /** Only rolling keys. `true`: those whose old secret was used in the last hour. `false`: the others. */
  readonly oldSecretUsed?: 'true' | 'false' | undefined
  /** Whether deleted keys are listed too. */
  readonly includeDeleted?: 'true' | 'false' | undefined
  /** The order; with `-`, the reverse. Keys that never expire come after the others, and keys that were never used before them. */
  readonly sort?:
    | 'createdAt'
    | '-createdAt'
    | 'expiresAt'
    | '-expiresAt'
    | 'lastUsedAt'
    | '-lastUsedAt'
    | 'name'
    | '-name'
    | undefined
}

export interface CreateKeyInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The name for people to read. Spaces at its ends are removed. */
  readonly name: string
  /** A public key may be published and has no roles; a secret key is shown only once. */
  readonly type: 'public' | 'secret'
  /** The only environment in which the key works. Default: all of them. */
  readonly environment?: string | null | undefined
  /** The id of the consumer that owns the key. */
  readonly consumer?: string | null | undefined
  /** The roles whose permissions the key has. You can only give permissions that you have. */
  readonly roles?: readonly string[] | null | undefined
  /** When the key expires; null for never. */
  readonly expiresAt?: string | null | undefined
  /** The addresses and ranges from which the key works; empty for all. */
  readonly addressRules?: readonly string[] | null | undefined
  /** The rate limits of the key; empty for none. */
  readonly rateLimits?:
    | readonly {
        /** The most requests in one burst; they refill evenly over `per`. */
        readonly requests: number
        /** The time in which `requests` refill; a month has 30 days. */
        readonly per: 'second' | 'minute' | 'hour' | 'day' | 'month'
        /** What a limit of a trigger counts: each consumer, or each credential. A limit of a key counts the key. */
        readonly by?: 'consumer' | 'credential' | null | undefined
      }[]
    | null
    | undefined
  /** The labels of the key, by name. Default: none. */
  readonly labels?: Readonly<Record<string, string>> | null | undefined
  /** Answers with a link that shows the token once, instead of with the token. Not for a public key. */
  readonly handOver?:
    | {
        /** How long the link can be opened, in hours. It ends with the key at the latest. */
        readonly expiresInHours: number
      }
    | null
    | undefined
}

export interface GetKeyInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The id of the key. */
  readonly key: string
}

export interface UpdateKeyInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The id of the key. */
  readonly key: string
  /** How many seconds to wait until every gateway has applied the change. */
  readonly wait?: number | undefined
  /** The name for people to read. Spaces at its ends are removed. */
  readonly name?: string | undefined
  /** `inactive` makes every gateway reject the key until it is `active` again. */
  readonly status?: 'active' | 'inactive' | null | undefined
  /** The roles whose permissions the key has. You can only give permissions that you have. */
  readonly roles?: readonly string[] | null | undefined
  /** When the key expires; null for never. */
  readonly expiresAt?: string | null | undefined
  /** The addresses and ranges from which the key works; empty for all. */
  readonly addressRules?: readonly string[] | null | undefined
  /** The rate limits of the key; empty for none. */
  readonly rateLimits?:
    | readonly {
        /** The most requests in one burst; they refill evenly over `per`. */
        readonly requests: number
        /** The time in which `requests` refill; a month has 30 days. */
        readonly per: 'second' | 'minute' | 'hour' | 'day' | 'month'
        /** What a limit of a trigger counts: each consumer, or each credential. A limit of a key counts the key. */
        readonly by?: 'consumer' | 'credential' | null | undefined
      }[]
    | null
    | undefined
  /** All labels that the key has afterwards, by name. */
  readonly labels?: Readonly<Record<string, string>> | null | undefined
}

export interface DeleteKeyInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The id of the key. */
  readonly key: string
  /** How many seconds to wait until every gateway has applied the change. */
  readonly wait?: number | undefined
}

export interface ExportKeysInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** Only keys where each word of this text begins a word of the name, the id, the value of a label, or the end of a `hint`. Capitals do not matter. */
  readonly search?: string | undefined
  /** Only keys of this type. */
  readonly type?: 'public' | 'secret' | undefined
  /** Only keys in this state. */
  readonly state?: 'active' | 'rolling' | 'inactive' | 'expired' | 'deleted' | undefined
  /** Only keys of this environment. */
  readonly environment?: string | undefined
  /** Only keys of the consumer with this id. */
  readonly consumer?: string | undefined
  /** Only keys with this role. */
  readonly role?: string | undefined
  /** Only keys with this label of their own: `team:payments`, or `team` for any value. Repeat it to demand several. */
  readonly label?: readonly string[] | undefined
  /** Only keys with this freshness. */
  readonly freshness?: 'fresh' | 'due' | 'overdue' | undefined
  /** Only keys that have not expired, and do so within so many days, by `expiresAt` or `lifetimeEndsAt`. */
  readonly expiresWithinDays?: number | undefined
  /** Only keys whose last use was so many days ago; if there was none, their creation. */
  readonly unusedForDays?: number | undefined
  /** `true`: only keys that were never used. `false`: only keys that were. */
  readonly neverUsed?: 'true' | 'false' | undefined
  /** Only rolling keys. `true`: those whose old secret was used in the last hour. `false`: the others. */
  readonly oldSecretUsed?: 'true' | 'false' | undefined
  /** Whether deleted keys are listed too. */
  readonly includeDeleted?: 'true' | 'false' | undefined
  /** The form of the file. */
  readonly accept?: 'application/x-ndjson' | 'text/csv' | undefined
}

export interface LookUpKeyInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The whole token. It is neither kept nor logged. */
  readonly token: string
}

export interface RollKeyInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The id of the key. */
  readonly key: string
  /** How many seconds to wait until every gateway has applied the change. */
  readonly wait?: number | undefined
  /** How long the old secret still works, in seconds. Default: 12 hours. */
  readonly graceSeconds?: number | null | undefined
  /** Answers with a link that shows the token once, instead of with the token. Not for a public key. */
  readonly handOver?:
    | {
        /** How long the link can be opened, in hours. It ends with the key at the latest. */
        readonly expiresInHours: number
      }
    | null
    | undefined
}

export interface FinishRollInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The id of the key. */
  readonly key: string
  /** How many seconds to wait until every gateway has applied the change. */
  readonly wait?: number | undefined
}

export interface UndoRollInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The id of the key. */
  readonly key: string
  /** How many seconds to wait until every gateway has applied the change. */
  readonly wait?: number | undefined
}

export interface GetRotationInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The id of the key. */
  readonly key: string
}

export interface SetRotationInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The id of the key. */
  readonly key: string
  /** How many seconds to wait until every gateway has applied the change. */
  readonly wait?: number | undefined
  /** How many days after the creation of its newest secret the key is rolled. */
  readonly rotateEveryDays: number
  /** The id of the webhook that receives each new token. Its events must include `key.rotated`. */
  readonly webhook: string
  /** Sends a link that shows the token once, instead of the token. */
  readonly handOver?:
    | {
        /** How long the link can be opened, in hours. It ends with the key at the latest. */
        readonly expiresInHours: number
      }
    | null
    | undefined
}

export interface RemoveRotationInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The id of the key. */
  readonly key: string
  /** How many seconds to wait until every gateway has applied the change. */
  readonly wait?: number | undefined
}

export interface VerifyInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The token of an API key. */
  readonly token?: string | null | undefined
  /** A JWT of the caller. */
  readonly jwt?: string | null | undefined
  /** Basic credentials of the caller. */
  readonly basic?:
    | {
        /** The username. */
        readonly username: string
        /** The password. */
        readonly password: string
      }
    | null
    | undefined
  /** Needed with jwt, basic, pipeline and path. */
  readonly environment?: string | null | undefined
  /** The name of the pipeline that is called. */
  readonly pipeline?: string | null | undefined
  /** A permission that the key's roles must include. */
  readonly permission?:
    | 'pipelines.read'
    | 'pipelines.write'
    | 'pipelines.deploy'
    | 'pipelines.invoke'
    | 'policies.read'
    | 'policies.write'
    | 'consumers.read'
    | 'consumers.write'
    | 'consumers.open-portal'
    | 'keys.read'
    | 'keys.create'
    | 'keys.write'
    | 'keys.roll'
    | 'keys.roll-self'
    | 'keys.delete'
    | 'keys.verify'
    | 'external-keys.read'
    | 'external-keys.write'
    | 'roles.read'
    | 'roles.write'
    | 'members.read'
    | 'members.write'
    | 'secrets.read'
    | 'secrets.write'
    | 'variables.read'
    | 'variables.write'
    | 'signing-keys.read'
    | 'signing-keys.write'
    | 'webhooks.read'
    | 'webhooks.write'
    | 'audit.read'
    | 'usage.read'
    | 'gateways.read'
    | 'organization.read'
    | 'organization.write'
    | null
    | undefined
  /** The HTTP method of the call. Left out, any method of the pipeline; of a path, the first one in alphabetical order. */
  readonly method?: string | null | undefined
  /** The path of the call within the environment, such as /orders/7. */
  readonly path?: string | null | undefined
  /** The host of the call, which belongs to the environment, such as orders.example.com; left out for the path of the environment on other hosts. Pipelines with `hosts` are reached only at them. */
  readonly host?: string | null | undefined
  /** The caller's address, for the address rules of the key. */
  readonly address?: string | null | undefined
}

export interface ListHandOversInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The most items in the response. */
  readonly limit?: number | undefined
}

export interface GetHandOverInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The id of the hand-over. */
  readonly handOver: string
}

export interface WithdrawHandOverInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The id of the hand-over. */
  readonly handOver: string
  /** How many seconds to wait until every gateway has applied the change. */
  readonly wait?: number | undefined
}

export interface ListImportsInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The most items in the response. */
  readonly limit?: number | undefined
  /** The oldest first, or with `-` the newest first. */
  readonly sort?: 'createdAt' | '-createdAt' | undefined
}

export interface ImportKeysInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The content of the file. */
  readonly file: FileContent
  /** The form of the file. */
  readonly contentType: 'text/csv' | 'application/x-ndjson'
}

export interface GetImportInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The id of the import. */
  readonly import: string
}

export interface StopImportInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The id of the import. */
  readonly import: string
  /** How many seconds to wait until every gateway has applied the change. */
  readonly wait?: number | undefined
}

export interface CreatePortalSessionInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The id of the consumer. */
  readonly consumer: string
  /** What the session allows, for this consumer only. `keys.roll` includes to finish and to undo a roll. You need the permission of each, in the environment of the consumer. */
  readonly scopes: readonly ('keys.read' | 'keys.create' | 'keys.roll' | 'keys.delete' | 'usage.read')[]
  /** Where the page leads back to: an https URL, or plain http on localhost. */
  readonly returnUrl?: string | null | undefined
  /** How long the link and the session work, in seconds from now. Default: an hour. They end with the key that calls at the latest. */
  readonly expiresInSeconds?: number | null | undefined
}

export interface ListPortalSessionsInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The most items in the response. */
  readonly limit?: number | undefined
}

export interface GetPortalSessionInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The id of the portal session. */
  readonly portalSession: string
}

export interface EndPortalSessionInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The id of the portal session. */
  readonly portalSession: string
  /** How many seconds to wait until every gateway has applied the change. */
  readonly wait?: number | undefined
}

export interface ListLeaksInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The most items in the response. */
  readonly limit?: number | undefined
  /** Only leaks of keys of this environment. */
  readonly environment?: string | undefined
  /** Only leaks of the key with this id. */
  readonly key?: string | undefined
}

export interface ListExternalKeysInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The most items in the response. */
  readonly limit?: number | undefined
}

export interface AddExternalKeyInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The id of a secret key of another organization, which its owner tells you. */
  readonly keyId: string
  /** Your name for the key. Spaces at its ends are removed. */
  readonly label?: string | null | undefined
  /** The roles that the key has here. You can only give permissions that you have. */
  readonly roles: readonly string[]
  /** The addresses and ranges from which the key works here, besides those of its owner; empty for all. */
  readonly addressRules?: readonly string[] | null | undefined
  /** The rate limits of the key here, besides those of its owner; empty for none. */
  readonly rateLimits?:
    | readonly {
        /** The most requests in one burst; they refill evenly over `per`. */
        readonly requests: number
        /** The time in which `requests` refill; a month has 30 days. */
        readonly per: 'second' | 'minute' | 'hour' | 'day' | 'month'
        /** What a limit of a trigger counts: each consumer, or each credential. A limit of a key counts the key. */
        readonly by?: 'consumer' | 'credential' | null | undefined
      }[]
    | null
    | undefined
}

export interface GetExternalKeyInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The id of the external key, not that of its key. */
  readonly externalKey: string
}

export interface UpdateExternalKeyInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The id of the external key, not that of its key. */
  readonly externalKey: string
  /** How many seconds to wait until every gateway has applied the change. */
  readonly wait?: number | undefined
  /** Your name for the key; null for none. */
  readonly label?: string | null | undefined
  /** The roles that the key has here. You can only give permissions that you have. */
  readonly roles?: readonly string[] | undefined
  /** `inactive` makes every gateway refuse the key here until it is `active` again. */
  readonly status?: 'active' | 'inactive' | null | undefined
  /** The addresses and ranges from which the key works here, besides those of its owner; empty for all. */
  readonly addressRules?: readonly string[] | null | undefined
  /** The rate limits of the key here, besides those of its owner; empty for none. */
  readonly rateLimits?:
    | readonly {
        /** The most requests in one burst; they refill evenly over `per`. */
        readonly requests: number
        /** The time in which `requests` refill; a month has 30 days. */
        readonly per: 'second' | 'minute' | 'hour' | 'day' | 'month'
        /** What a limit of a trigger counts: each consumer, or each credential. A limit of a key counts the key. */
        readonly by?: 'consumer' | 'credential' | null | undefined
      }[]
    | null
    | undefined
}

export interface RemoveExternalKeyInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The id of the external key, not that of its key. */
  readonly externalKey: string
  /** How many seconds to wait until every gateway has applied the change. */
  readonly wait?: number | undefined
}

export interface ListAcceptancesInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The most items in the response. */
  readonly limit?: number | undefined
}

export interface GetOrganizationAcceptanceInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
}

export interface SetOrganizationAcceptanceInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** How many seconds to wait until every gateway has applied the change. */
  readonly wait?: number | undefined
  /** Whether another organization may accept the key. */
  readonly allowed: boolean
}

export interface GetAcceptancesInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The id of the key. */
  readonly key: string
}

export interface SetKeyAcceptanceInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The id of the key. */
  readonly key: string
  /** How many seconds to wait until every gateway has applied the change. */
  readonly wait?: number | undefined
  /** Whether another organization may accept the key. */
  readonly allowed: boolean
}

export interface SetPartnerAcceptanceInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The id of the key. */
  readonly key: string
  /** The slug of the other organization. */
  readonly partner: string
  /** How many seconds to wait until every gateway has applied the change. */
  readonly wait?: number | undefined
  /** Whether another organization may accept the key. */
  readonly allowed: boolean
}

export interface ReadUsageInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The most items in the response. */
  readonly limit?: number | undefined
  /** Sum up the requests of each of these apart. Without it, there is one sum for each interval. */
  readonly groupBy?:
    | 'key'
    | 'secret'
    | 'consumer'
    | 'environment'
    | 'pipeline'
    | 'version'
    | 'code'
    | undefined
  /** The length of the intervals that are summed up. Days are those of UTC. */
  readonly interval?: 'minute' | 'hour' | 'day' | undefined
  /** The start of the period. The interval that it is in counts whole. Default: 60 minutes, 24 hours or 30 days before the end. */
  readonly from?: string | undefined
  /** The end of the period. The interval that it is in counts whole. Default: now. */
  readonly to?: string | undefined
  /** Only requests to this environment. */
  readonly environment?: string | undefined
  /** Only requests to the pipelines of this project. */
  readonly project?: string | undefined
  /** Only requests to this pipeline. */
  readonly pipeline?: string | undefined
  /** Only requests to this version of a pipeline, such as `1.0`. */
  readonly version?: string | undefined
  /** Only requests with this decision: `valid`, or the code of a refusal, such as `key_expired`. */
  readonly code?: string | undefined
  /** Only requests with this key, or with a JWT that was obtained with it. */
  readonly key?: string | undefined
  /** Only requests of this consumer, by its id. */
  readonly consumer?: string | undefined
}

export interface ListRequestsInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The most items in the response. */
  readonly limit?: number | undefined
  /** Only requests with this id, which the caller has from `x-request-id` of the response. */
  readonly requestId?: string | undefined
  /** Only requests with this key, or with a JWT that was obtained with it. */
  readonly key?: string | undefined
  /** Only requests of this consumer, by its id. */
  readonly consumer?: string | undefined
  /** Only requests to this pipeline. */
  readonly pipeline?: string | undefined
  /** Only requests with this code: `valid`, or the code of a problem, such as `key_expired`. */
  readonly code?: string | undefined
  /** Only requests that arrived at this time or later. */
  readonly from?: string | undefined
  /** Only requests that arrived before this time. */
  readonly to?: string | undefined
}

export interface ListWebhooksInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The most items in the response. */
  readonly limit?: number | undefined
}

export interface CreateWebhookInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** Where events are sent: an https URL. Its host must have a public address, unless the operator allows others. */
  readonly url: string
  /** The types of events that are sent. You must be able to read what they tell. */
  readonly events: readonly (
    | 'key.created'
    | 'key.rolled'
    | 'key.rotated'
    | 'key.rotation_failed'
    | 'key.expiring'
    | 'key.expired'
    | 'key.old_secret_still_used'
    | 'key.leaked'
    | 'key.deleted'
    | 'external_key.added'
    | 'external_key.changed'
    | 'external_key.removed'
    | 'policy.changed'
    | 'deployment.created'
    | 'deployment.refused'
    | 'deployment.ended'
    | 'probe.alarm'
    | 'member.added'
    | 'member.removed'
  )[]
}

export interface GetWebhookInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The id of the webhook. */
  readonly webhook: string
}

export interface UpdateWebhookInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The id of the webhook. */
  readonly webhook: string
  /** How many seconds to wait until every gateway has applied the change. */
  readonly wait?: number | undefined
  /** Where events are sent: an https URL. Its host must have a public address, unless the operator allows others. */
  readonly url?: string | undefined
  /** The types of events that are sent. You must be able to read what they tell. */
  readonly events?:
    | readonly (
        | 'key.created'
        | 'key.rolled'
        | 'key.rotated'
        | 'key.rotation_failed'
        | 'key.expiring'
        | 'key.expired'
        | 'key.old_secret_still_used'
        | 'key.leaked'
        | 'key.deleted'
        | 'external_key.added'
        | 'external_key.changed'
        | 'external_key.removed'
        | 'policy.changed'
        | 'deployment.created'
        | 'deployment.refused'
        | 'deployment.ended'
        | 'probe.alarm'
        | 'member.added'
        | 'member.removed'
      )[]
    | undefined
  /** While it is `inactive`, events wait, for three days at most. */
  readonly status?: 'active' | 'inactive' | null | undefined
}

export interface RemoveWebhookInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The id of the webhook. */
  readonly webhook: string
  /** How many seconds to wait until every gateway has applied the change. */
  readonly wait?: number | undefined
}

export interface RotateWebhookInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The id of the webhook. */
  readonly webhook: string
  /** How long messages are signed with the previous secret too, in seconds; 0 ends it now. Default: 12 hours. */
  readonly graceSeconds?: number | null | undefined
}

export interface ListDeliveriesInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The id of the webhook. */
  readonly webhook: string
  /** The most items in the response. */
  readonly limit?: number | undefined
}

export interface ReplayDeliveryInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The id of the webhook. */
  readonly webhook: string
  /** The id of the delivery. */
  readonly delivery: string
}

export interface ListAuditEventsInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** The most items in the response. */
  readonly limit?: number | undefined
  /** Only events of this actor: the id of a key or of a member, or `setup`. */
  readonly actor?: string | undefined
  /** Only this action, such as `keys.create`, or all actions of a resource: `keys.*`. */
  readonly action?: string | undefined
  /** Only this target, such as `key/key_4fT0Qm2ZrX9bLk7A`, or all targets of a kind: `key/`. */
  readonly target?: string | undefined
  /** Only events at this time or later. */
  readonly from?: string | undefined
  /** Only events before this time. */
  readonly to?: string | undefined
}

export interface ExportAuditEventsInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
  /** Only events of this actor: the id of a key or of a member, or `setup`. */
  readonly actor?: string | undefined
  /** Only this action, such as `keys.create`, or all actions of a resource: `keys.*`. */
  readonly action?: string | undefined
  /** Only this target, such as `key/key_4fT0Qm2ZrX9bLk7A`, or all targets of a kind: `key/`. */
  readonly target?: string | undefined
  /** Only events at this time or later. */
  readonly from?: string | undefined
  /** Only events before this time. */
  readonly to?: string | undefined
  /** The form of the file. */
  readonly accept: 'application/x-ndjson' | 'text/csv'
}

export interface ListGatewaysInput {
  /** The slug of the organization. That of the client unless given. */
  readonly organization?: string | undefined
}

export interface RollOwnKeyInput {
  /** How many seconds to wait until every gateway has applied the change. */
  readonly wait?: number | undefined
  /** How long the old secret still works, in seconds. Default: 12 hours. */
  readonly graceSeconds?: number | null | undefined
}

export interface FinishOwnRollInput {
  /** How many seconds to wait until every gateway has applied the change. */
  readonly wait?: number | undefined
}

export interface DeleteOwnKeyInput {
  /** How many seconds to wait until every gateway has applied the change. */
  readonly wait?: number | undefined
}

export interface ListLinkedProvidersInput {}

export interface BeginProviderLinkInput {
  /** The id of the provider in the settings. */
  readonly provider: string
  /** The path of this server that the browser comes back to. */
  readonly returnTo?: string | null | undefined
}

export interface UnlinkProviderInput {
  /** The id of the provider in the settings. */
  readonly provider: string
}

export interface GetSessionInput {}

export interface SignOutInput {}

export interface ListOtherSessionsInput {}

export interface EndOtherSessionsInput {}

export interface EndOtherSessionInput {
  /** The id of the session. */
  readonly session: string
}

export type StepUpInput = {} & (
  | {
      /** The password of the person. */
      readonly password: string
    }
  | {
      /** A code of the authenticator app, or a recovery code. */
      readonly code: string
    }
  | {
      /** One of the passkeys of the person, for `POST /v1/session/step-up/passkey-options`. */
      readonly passkey: {
        /** The `ticket` of the answer with the options. It works once. */
        readonly ticket: string
        /** What `toJSON()` of the credential returns that `navigator.credentials.get` found. Other members of it are not read. */
        readonly response: {
          /** The id of the credential in base64url. */
          readonly id: string
          /** The same as `id`. */
          readonly rawId: string
          /** The type of the credential. */
          readonly type: 'public-key'
          /** What the authenticator signed. */
          readonly response: {
            /** What the browser says about the ceremony. */
            readonly clientDataJSON: string
            /** What the authenticator says about its user. */
            readonly authenticatorData: string
            /** The signature of the authenticator. */
            readonly signature: string
            /** Who signs in; needed unless a session says it. */
            readonly userHandle?: string | null | undefined
          }
        }
      }
    }
)

export interface ChangePasswordInput {
  /** The password until now. A person without a password confirms with `POST /v1/session/step-up` instead. */
  readonly current?: string | null | undefined
  /** The new password: 8 to 256 characters of any kind. */
  readonly password: string
}

export interface ListPasskeysInput {}

export interface AddPasskeyInput {
  /** The `ticket` of the answer with the options. It works once. */
  readonly ticket: string
  /** What `toJSON()` of the credential returns that `navigator.credentials.create` made. Other members of it are not read. */
  readonly response: {
    /** The id of the credential in base64url. */
    readonly id: string
    /** The same as `id`. */
    readonly rawId: string
    /** The type of the credential. */
    readonly type: 'public-key'
    /** What the authenticator made. */
    readonly response: {
      /** What the browser says about the ceremony. */
      readonly clientDataJSON: string
      /** The new credential. */
      readonly attestationObject: string
      /** How browsers reach the authenticator. */
      readonly transports?: readonly string[] | null | undefined
    }
  }
  /** Your name for the passkey, such as the name of the device. */
  readonly name: string
}

export interface BeginPasskeyInput {}

export interface RenamePasskeyInput {
  /** The id of the passkey. */
  readonly passkey: string
  /** Your name for the passkey. */
  readonly name: string
}

export interface RemovePasskeyInput {
  /** The id of the passkey. */
  readonly passkey: string
}

export interface BeginPasskeyStepUpInput {}

export interface GetSecondFactorInput {}

export interface BeginSecondFactorInput {}

export interface RemoveSecondFactorInput {}

export interface ConfirmSecondFactorInput {
  /** A code of the authenticator app, or a recovery code. */
  readonly code: string
}

export interface ReplaceRecoveryCodesInput {}

export interface VerifySecondFactorInput {
  /** A code of the authenticator app, or a recovery code. */
  readonly code: string
}

export interface ListPortalKeysInput {
  /** The most items in the response. */
  readonly limit?: number | undefined
}

export interface CreatePortalKeyInput {
  /** The name for people to read. Spaces at its ends are removed. */
  readonly name: string
  /** When the key expires; null for never. */
  readonly expiresAt?: string | null | undefined
  /** The addresses and ranges from which the key works; empty for all. */
  readonly addressRules?: readonly string[] | null | undefined
  /** The rate limits of the key; empty for none. */
  readonly rateLimits?:
    | readonly {
        /** The most requests in one burst; they refill evenly over `per`. */
        readonly requests: number
        /** The time in which `requests` refill; a month has 30 days. */
        readonly per: 'second' | 'minute' | 'hour' | 'day' | 'month'
        /** What a limit of a trigger counts: each consumer, or each credential. A limit of a key counts the key. */
        readonly by?: 'consumer' | 'credential' | null | undefined
      }[]
    | null
    | undefined
}

export interface GetPortalKeyInput {
  /** The id of a key of your consumer. */
  readonly key: string
}

export interface DeletePortalKeyInput {
  /** The id of a key of your consumer. */
  readonly key: string
  /** How many seconds to wait until every gateway has applied the change. */
  readonly wait?: number | undefined
}

export interface RollPortalKeyInput {
  /** The id of a key of your consumer. */
  readonly key: string
  /** How many seconds to wait until every gateway has applied the change. */
  readonly wait?: number | undefined
  /** How long the old secret still works, in seconds. Default: 12 hours. */
  readonly graceSeconds?: number | null | undefined
}

export interface FinishPortalRollInput {
  /** The id of a key of your consumer. */
  readonly key: string
  /** How many seconds to wait until every gateway has applied the change. */
  readonly wait?: number | undefined
}

export interface UndoPortalRollInput {
  /** The id of a key of your consumer. */
  readonly key: string
  /** How many seconds to wait until every gateway has applied the change. */
  readonly wait?: number | undefined
}

export interface ListPortalPipelinesInput {
  /** The most items in the response. */
  readonly limit?: number | undefined
}

export interface ReadPortalUsageInput {
  /** The most items in the response. */
  readonly limit?: number | undefined
  /** Sum up the requests of each of these apart. Without it, there is one sum for each interval. */
  readonly groupBy?: 'key' | 'secret' | 'pipeline' | 'code' | undefined
  /** The length of the intervals that are summed up. Days are those of UTC. */
  readonly interval?: 'minute' | 'hour' | 'day' | undefined
  /** The start of the period. The interval that it is in counts whole. Default: 60 minutes, 24 hours or 30 days before the end. */
  readonly from?: string | undefined
  /** The end of the period. The interval that it is in counts whole. Default: now. */
  readonly to?: string | undefined
  /** Only requests to this pipeline. */
  readonly pipeline?: string | undefined
  /** Only requests with this decision: `valid`, or the code of a refusal, such as `key_expired`. */
  readonly code?: string | undefined
  /** Only requests with this key, or with a JWT that was obtained with it. */
  readonly key?: string | undefined
}

export interface GetPortalInput {}

export interface LeavePortalInput {}

export interface SignInInput {
  /** The e-mail address of the person, in upper or lower case. */
  readonly email: string
  /** The password. */
  readonly password: string
  /** A code of the authenticator app or a recovery code, if the person has a second factor. */
  readonly code?: string | null | undefined
}

export interface ListSignInProvidersInput {}

export interface BeginProviderSignInInput {
  /** The id of the provider in the settings. */
  readonly provider: string
  /** The path of this server that the browser comes back to. */
  readonly returnTo?: string | null | undefined
}

export interface RequestPasswordResetInput {
  /** The e-mail address that the person signs in with. */
  readonly email: string
}

export interface ResetPasswordInput {
  /** The part of the link after `#`. */
  readonly token: string
  /** The new password: 8 to 256 characters of any kind. */
  readonly password: string
}

export interface BeginPasskeySignInInput {}

export interface SignInWithPasskeyInput {
  /** The `ticket` of the answer with the options. It works once. */
  readonly ticket: string
  /** What `toJSON()` of the credential returns that `navigator.credentials.get` found. Other members of it are not read. */
  readonly response: {
    /** The id of the credential in base64url. */
    readonly id: string
    /** The same as `id`. */
    readonly rawId: string
    /** The type of the credential. */
    readonly type: 'public-key'
    /** What the authenticator signed. */
    readonly response: {
      /** What the browser says about the ceremony. */
      readonly clientDataJSON: string
      /** What the authenticator says about its user. */
      readonly authenticatorData: string
      /** The signature of the authenticator. */
      readonly signature: string
      /** Who signs in; needed unless a session says it. */
      readonly userHandle?: string | null | undefined
    }
  }
}

export interface AcceptInvitationInput {
  /** The part of the link after `#`. */
  readonly token: string
  /** The name of a person who has no account yet. */
  readonly name?: string | null | undefined
  /** The password of a person who has no account yet. */
  readonly password?: string | null | undefined
}

export interface OpenHandOverInput {
  /** The part of the link between `#` and the dot. */
  readonly id: string
  /** Derived from the part of the link after the dot, as ASCII text: 32 bytes of HKDF-SHA-256 without salt, with the info `sallyport hand-over proof`, in base64url. */
  readonly proof: string
}

export interface OpenPortalSessionInput {
  /** The part of the link after `#`. */
  readonly secret: string
}

export interface ListAuditKeysInput {}

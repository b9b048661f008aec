// Generated from openapi/openapi.json by `npm run sdk`. Change the document instead.

export interface Health {
  /** Always `alive`: a process that is not alive does not answer. */
  readonly status: 'alive'
}

export interface Readiness {
  /** Whether the port can answer requests. The status is 503 if not. */
  readonly ready: boolean
  /** Why requests cannot be answered. Only while `ready` is false. */
  readonly reason?:
    | 'starting'
    | 'stopping'
    | 'snapshot_stale'
    | 'removed'
    | 'database_unavailable'
    | undefined
  /** The revision of the gateway's snapshot; 0 before the first one. Missing for a `Host` that is not allowed. */
  readonly revision?: number | undefined
  /** The age of the gateway's snapshot; null before the first one. Missing for a `Host` that is not allowed. */
  readonly snapshotAgeSeconds?: number | null | undefined
}

export interface Setup {
  /** Whether an organization exists, so that set-up is over. */
  readonly done: boolean
}

/** The organization. */
export interface Organization {
  /** The name of the organization in URLs. It never changes. */
  readonly slug: string
  /** The name for people to read. Spaces at its ends are removed. */
  readonly name: string
  /** The colour of the organization on the portal page of its consumers; null for none. */
  readonly color: 'blue' | 'violet' | 'pink' | 'red' | 'orange' | 'green' | 'teal' | null
  /** What happens when the secret of a key is found in public: its owners are told, or the key is switched off too. */
  readonly onLeak: 'notify' | 'switch-off'
  /** The types of events that the owners who are people get by mail, if the server sends mails. Their order does not matter. */
  readonly ownerMails: readonly (
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
  /** When it was created. */
  readonly createdAt: string
}

export interface Quotas {
  /** Keys that are not deleted. */
  readonly keys: {
    /** How much the organization has now. */
    readonly used: number
    /** A request that would exceed it gets 403 `quota_exceeded`. */
    readonly limit: number
  }
  /** Consumers. */
  readonly consumers: {
    /** How much the organization has now. */
    readonly used: number
    /** A request that would exceed it gets 403 `quota_exceeded`. */
    readonly limit: number
  }
  /** Pipelines. */
  readonly pipelines: {
    /** How much the organization has now. */
    readonly used: number
    /** A request that would exceed it gets 403 `quota_exceeded`. */
    readonly limit: number
  }
  /** Versions of all pipelines. */
  readonly versions: {
    /** How much the organization has now. */
    readonly used: number
    /** A request that would exceed it gets 403 `quota_exceeded`. */
    readonly limit: number
  }
  /** The size of these versions as stored, in bytes. */
  readonly versionBytes: {
    /** How much the organization has now. */
    readonly used: number
    /** A request that would exceed it gets 403 `quota_exceeded`. */
    readonly limit: number
  }
  /** Live deployments. */
  readonly deployments: {
    /** How much the organization has now. */
    readonly used: number
    /** A request that would exceed it gets 403 `quota_exceeded`. */
    readonly limit: number
  }
  /** Routes of live deployments. */
  readonly routes: {
    /** How much the organization has now. */
    readonly used: number
    /** A request that would exceed it gets 403 `quota_exceeded`. */
    readonly limit: number
  }
}

/** The environment. */
export interface Environment {
  /** The name, unique within the organization. */
  readonly name: string
  /** The index in promotion order; 0 is the first environment. */
  readonly position: number
  /** Whether a version can go live here only if it is live in the environment before this one. It has no effect on the first environment, and none on a rollback. */
  readonly requiresPrevious: boolean
  /** What a gateway without a database does with calls once it is cut off and its lease is over: `serve` decides on by what it knows and reports its age, `refuse` answers 503 `snapshot_stale`. A gateway that uses the database refuses in either case. */
  readonly whenStale: 'serve' | 'refuse'
  /** When it was created. */
  readonly createdAt: string
}

export interface Policy {
  /** Which credentials each pipeline in the environment must require. */
  readonly mode: 'any' | 'api-key' | 'jwt' | 'jwt-and-api-key'
  /** 1 for the mode that the environment started with, then one more for each change. */
  readonly version: number
  /** When this version of the policy was set. */
  readonly updatedAt: string
  /** Who set it: the id of a key, or `setup`. */
  readonly updatedBy: string
  /** How many live deployments conform. */
  readonly conformity: {
    /** The live deployments of the environment. */
    readonly total: number
    /** Those that conform to the mode. */
    readonly conforming: number
  }
}

export interface KeyAge {
  /** After how many days a secret is `due` to be rolled; null for no reminder. */
  readonly rotationReminderDays: 90 | 180 | null
  /** For how many days after its creation a secret works; null for no limit. */
  readonly maxLifetimeDays: number | null
  /** 0 as long as the policy was never set, then one more for each change. */
  readonly version: number
  /** When it was set last; null for never. */
  readonly updatedAt: string | null
  /** Who set it: the id of a key or a member; null as long as it was never set. */
  readonly updatedBy: string | null
}

/** The project. */
export interface Project {
  /** The name, unique within the organization. */
  readonly name: string
  /** A text for people to read. */
  readonly description: string | null
  /** When it was created. */
  readonly createdAt: string
}

export interface Pipeline {
  /** The name, unique within the organization. */
  readonly name: string
  /** The name of its project. */
  readonly project: string
  /** The newest version. */
  readonly version: string
  /** When it was created. */
  readonly createdAt: string
  /** The spec of the newest version, as it was saved. */
  readonly spec: unknown
}

export interface PipelineVersion {
  /** The version, such as `1.0`. */
  readonly version: string
  /** The spec as it was saved. */
  readonly spec: unknown
  /** What its author says about it. */
  readonly comment: string | null
  /** When it was created. */
  readonly createdAt: string
  /** Who created it: the id of a key, or `setup`. */
  readonly createdBy: string
}

export interface Deployment {
  /** The id of the deployment. */
  readonly id: string
  /** The name of the pipeline. */
  readonly pipeline: string
  /** The name of the project of the pipeline. */
  readonly project: string
  /** The deployed version, such as `1.0`. */
  readonly version: string
  /** The name of the environment. */
  readonly environment: string
  /** The URL for callers; null for a schedule, and while no host of the trigger belongs to the environment. */
  readonly url: string | null
  /** Whether the trigger of its version is in maintenance: callers get 503 `maintenance` while it is live. */
  readonly inMaintenance: boolean
  /** How it went live, by `createdBy`; null for a deployment of a release that did not record it. */
  readonly origin: 'deploy' | 'promote' | 'rollback' | 'redeploy' | null
  /** The deployment whose version was promoted, rolled back to or redeployed; null for `deploy`, for an unknown `origin`, and if you may not read deployments there. */
  readonly from: {
    /** The id of the deployment; it may no longer be kept. */
    readonly deploymentId: string
    /** Its environment, which may be removed. */
    readonly environment: string
  } | null
  /** When it was created. */
  readonly createdAt: string
  /** Who created it: the id of a key, or `setup`. */
  readonly createdBy: string
  /** When it was replaced or removed; null while it is live. */
  readonly endedAt: string | null
  /** Who replaced or removed it; null while it is live. */
  readonly endedBy: string | null
  /** The deployment that replaced it; null if none did. */
  readonly replacedBy: string | null
  /** When its pipeline was removed; null while it exists. Another pipeline can have the name `pipeline` now. */
  readonly pipelineRemovedAt: string | null
  /** The responses to an anonymous caller just after the deployment went live; null if it was not probed. */
  readonly probe: {
    /** When it was probed. */
    readonly checkedAt: string
    /** Whether a route that should demand credentials does not. */
    readonly alarm: boolean
    /** One for each route and method. */
    readonly results: readonly {
      /** The HTTP method. */
      readonly method: string
      /** The path of the route, as in the spec. */
      readonly route: string
      /** `allow`, or the code of the refusal. */
      readonly outcome: string
      /** Whether the route should demand credentials and does not. */
      readonly alarm: boolean
      /** The host of another deployment at which this was found, where the routes of that one are preferred. Left out if it was found at the hosts of this one. */
      readonly host?: string | undefined
    }[]
  } | null
}

/** The secret, without its value. */
export interface Secret {
  /** The name in `{secrets.NAME}`. */
  readonly name: string
  /** When it was created. */
  readonly createdAt: string
  /** When the value was set. */
  readonly updatedAt: string
  /** Who set the value: the id of a key. */
  readonly updatedBy: string
}

/** The variable. */
export interface Variable {
  /** The name in `{vars.NAME}`. */
  readonly name: string
  /** The value. It is not a secret. */
  readonly value: string
  /** When it was created. */
  readonly createdAt: string
  /** When the value was set. */
  readonly updatedAt: string
  /** Who set the value: the id of a key or a person. */
  readonly updatedBy: string
}

export interface Issuer {
  /** The id of the trusted issuer. */
  readonly id: string
  /** The exact value of `iss` in its tokens. */
  readonly issuer: string
  /** Each token must have one of them in `aud`. */
  readonly audience: readonly string[]
  /** The URL of its public keys; null if `jwks` has them. */
  readonly jwksUrl: string | null
  /** Its public keys as a JWK Set; null if they are read from `jwksUrl`. */
  readonly jwks: {
    /** The keys. */
    readonly keys: readonly {
      /** The key type: `OKP`, `EC` or `RSA`. */
      readonly kty: string
      /** The id of the key. */
      readonly kid?: string | undefined
      /** The algorithm of its signatures. */
      readonly alg?: string | undefined
      /** `sig`: for signatures. */
      readonly use?: string | undefined
      /** The curve of an `OKP` or `EC` key. */
      readonly crv?: string | undefined
      /** The public key (`OKP`), or its x coordinate (`EC`). */
      readonly x?: string | undefined
      /** The y coordinate of an `EC` key. */
      readonly y?: string | undefined
      /** The modulus of an `RSA` key. */
      readonly n?: string | undefined
      /** The exponent of an `RSA` key. */
      readonly e?: string | undefined
    }[]
  } | null
  /** When it was created. */
  readonly createdAt: string
  /** Who created it: the id of a key, or `setup`. */
  readonly createdBy: string
}

/** The plan. */
export interface Plan {
  /** The name, unique within the environment. */
  readonly name: string
  /** A name for people to read, in any script. */
  readonly title: string | null
  /** A text for people to read. */
  readonly description: string | null
  /** The name of its environment. */
  readonly environment: string
  /** The rate limits of each consumer that has the plan; empty for none. */
  readonly rateLimits: readonly {
    /** The most requests in one burst; they refill evenly over `per`. */
    readonly requests: number
    /** The time in which `requests` refill; a month has 30 days. */
    readonly per: string
    /** What a limit of a plan counts for each consumer: its requests to all pipelines of the environment together, or to each pipeline. */
    readonly scope: string
  }[]
  /** When it was created. */
  readonly createdAt: string
  /** Who created it: the id of a key, or `setup`. */
  readonly createdBy: string
}

/** The consumer. */
export interface Consumer {
  /** The id of the consumer. */
  readonly id: string
  /** The name, unique within the environment. */
  readonly name: string
  /** A name for people to read, in any script. */
  readonly title: string | null
  /** A text for people to read. */
  readonly description: string | null
  /** The name of its environment. */
  readonly environment: string
  /** Whether its keys, Basic credentials and JWTs are accepted. */
  readonly status: 'active' | 'inactive'
  /** The names of the pipelines that it may call by associations of its own. */
  readonly pipelines: readonly string[]
  /** The names of the projects of which it may call every pipeline, also those that come later. */
  readonly projects: readonly string[]
  /** The labels of the consumer, by name. Its keys have them too. */
  readonly labels: Readonly<Record<string, string>>
  /** The name of its plan; null if it has none. */
  readonly plan: string | null
  /** When it was created. */
  readonly createdAt: string
  /** Who created it: the id of a key, or `setup`. */
  readonly createdBy: string
}

export interface Role {
  /** Unique in the organization. */
  readonly name: string
  /** Whether every organization has this role. */
  readonly builtIn: boolean
  /** What a key with the role may do. */
  readonly permissions: readonly {
    /** What it permits, as `resource.action`. */
    readonly permission: string
    /** The only environment in which it holds; any if it is left out. */
    readonly environment?: string | undefined
    /** The only project for which it holds; any if it is left out. */
    readonly project?: string | undefined
    /** The only pipeline for which it holds; any if it is left out. */
    readonly pipeline?: string | undefined
  }[]
  /** When it was created; null for a built-in role. */
  readonly createdAt: string | null
  /** The id of its creator; null for a built-in role. */
  readonly createdBy: string | null
  /** When it was changed last; null for a built-in role. */
  readonly updatedAt: string | null
  /** The id of who changed it last; null for a built-in role. */
  readonly updatedBy: string | null
  /** The first 100 members, keys and external keys that have the role, of those that you may read. */
  readonly holders: readonly {
    /** What has the role. */
    readonly kind: 'member' | 'key' | 'external-key'
    /** The id of the member, key or external key. */
    readonly id: string
    /** The name of the member or key; for an external key, its label or else the id of its key. */
    readonly name: string
  }[]
  /** How many that you may read have the role. */
  readonly holderCount: number
}

export interface Member {
  /** The id of the person, the same in every organization. */
  readonly id: string
  /** The e-mail address that the person signs in with. */
  readonly email: string
  /** The name of the person. */
  readonly name: string
  /** The roles of the person in this organization. */
  readonly roles: readonly string[]
  /** When the person became a member. */
  readonly createdAt: string
  /** The id of the person who joined, of who created the organization, or `setup`. */
  readonly createdBy: string
}

export interface Key {
  /** The id of the key. It is not secret. */
  readonly id: string
  /** The name for people to read. Spaces at its ends are removed. */
  readonly name: string
  /** A public key may be published; a secret key is shown only once. */
  readonly type: 'public' | 'secret'
  /** The only environment in which the key works; null for all of them. */
  readonly environment: string | null
  /** The id of the consumer that owns the key; null for a key of the organization. A deleted key keeps it, even if the consumer is removed. */
  readonly consumer: string | null
  /** The roles whose permissions the key has. */
  readonly roles: readonly string[]
  /** Whether the key works now. `rolling`: it works with the old and with the new secret. */
  readonly state: 'active' | 'rolling' | 'inactive' | 'expired' | 'deleted'
  /** Whether the key is switched on. */
  readonly status: 'active' | 'inactive'
  /** When it was created. */
  readonly createdAt: string
  /** Who created it: the id of a key, or `setup`. */
  readonly createdBy: string
  /** When the key expires; null for never. */
  readonly expiresAt: string | null
  /** The secrets of the key, oldest first, without their tokens. */
  readonly secrets: readonly {
    /** The start of the token and four characters of its secret, to recognize it. */
    readonly hint: string
    /** When the secret was created. */
    readonly createdAt: string
    /** When the grace of a rolled secret ends; null for the current secret. */
    readonly expiresAt: string | null
    /** The requests with this secret, or with a JWT that was obtained with it, that gateways have decided, also by `/authz`, allowed or refused. A refusal counts only if the key itself was valid. Calls of the management API, `verify` and CORS preflights do not count. Gateways add their counts once a second. */
    readonly requests: number
    /** When the last of these requests came; null for none. */
    readonly lastUsedAt: string | null
    /** From which IP address; null for none, or if it is unknown. */
    readonly lastUsedAddress: string | null
  }[]
  /** Whether the current secret should be rolled, by the `rotationReminderDays` of its policy: `due` when it is so old, `overdue` 90 days later. */
  readonly freshness: 'fresh' | 'due' | 'overdue'
  /** When the `maxLifetimeDays` of its policy end the current secret; null without a maximum. */
  readonly lifetimeEndsAt: string | null
  /** One warning from 30 days before a working key stops, by `expiresAt` or `lifetimeEndsAt`. */
  readonly warnings: readonly {
    /** `expires`: by `expiresAt`. `lifetime_ends`: by the policy about age. */
    readonly code: 'expires' | 'lifetime_ends'
    /** When the key stops. */
    readonly endsAt: string
    /** What to do about it. */
    readonly message: string
  }[]
  /** The addresses and ranges from which the key works; empty for all. */
  readonly addressRules: readonly string[]
  /** The rate limits of the key; empty for none. */
  readonly rateLimits: readonly {
    /** The most requests in one burst; they refill evenly over `per`. */
    readonly requests: number
    /** The time in which `requests` refill; a month has 30 days. */
    readonly per: string
    /** What a limit of a trigger counts: each consumer, or each credential. A limit of a key counts the key. */
    readonly by: string
  }[]
  /** The labels of the key, by name, without those of its consumer. */
  readonly labels: Readonly<Record<string, string>>
  /** The name of the consumer, for a deleted key even if the consumer is removed; null for a key of the organization, and if you may not read the consumers of the environment. */
  readonly consumerName: string | null
  /** Only for a public key. */
  readonly token?: string | undefined
  /** How the roll goes on; null if the key is not rolling. */
  readonly roll: {
    /** When the old secret ends by itself. */
    readonly endsAt: string
    /** Whether the old secret has been quiet for `quietSeconds`, and the new one was used or the old one never was. */
    readonly safeToFinish: boolean
    /** Why it is not safe; null if it is. */
    readonly reason: 'old_secret_in_use' | 'new_secret_not_used' | null
    /** How long the old secret must be quiet, in seconds. */
    readonly quietSeconds: number
    /** The old secret, then the new one. */
    readonly secrets: readonly {
      /** The `hint` of the secret. */
      readonly hint: string
      /** The requests with it in the last hour. */
      readonly requestsLastHour: number
      /** When it was used last; null for never. */
      readonly lastUsedAt: string | null
      /** The last 20 addresses that it was used from, the newest first. */
      readonly addresses: readonly {
        /** The address, or what the caller calls itself. */
        readonly value: string
        /** The requests with it since the roll began. */
        readonly requests: number
        /** When the last of them came. */
        readonly lastUsedAt: string
      }[]
      /** The last 20 `User-Agent`s that it was used by, the newest first. */
      readonly userAgents: readonly {
        /** The address, or what the caller calls itself. */
        readonly value: string
        /** The requests with it since the roll began. */
        readonly requests: number
        /** When the last of them came. */
        readonly lastUsedAt: string
      }[]
    }[]
  } | null
  /** How the key rolls on a schedule; null if it does not. */
  readonly rotation: Rotation | null
}

export interface Rotation {
  /** How many days after the creation of its newest secret the key is rolled. */
  readonly rotateEveryDays: number
  /** The id of the webhook that receives each new token. */
  readonly webhook: string
  /** How a link is sent instead of the token; null to send the token. */
  readonly handOver: {
    /** How long each link can be opened, in hours. */
    readonly expiresInHours: number
  } | null
  /** `delivering`: a new token was made and has not arrived yet. The old one works until then. */
  readonly state: 'scheduled' | 'delivering'
  /** When the key is rolled next, or tried again after a problem; null while delivering. */
  readonly nextRotationAt: string | null
  /** When a new token arrived last; null for never. */
  readonly lastRotatedAt: string | null
  /** Why the key was not rolled, or why its roll was undone; null if nothing is wrong. */
  readonly problem: {
    /** What is wrong. */
    readonly code:
      | 'creator_gone'
      | 'permission_missing'
      | 'key_not_rollable'
      | 'webhook_removed'
      | 'webhook_changed'
      | 'webhook_inactive'
      | 'webhook_not_subscribed'
      | 'webhook_failing'
      | 'hand_over_refused'
      | 'not_delivered'
    /** What happened, and what to do next. */
    readonly detail: string
    /** Since when. */
    readonly since: string
  } | null
  /** When the rotation was set. */
  readonly updatedAt: string
  /** The id of the key or member that set it, in whose place the key is rolled. */
  readonly updatedBy: string
}

export interface HandOver {
  /** The id of the hand-over. */
  readonly id: string
  /** The id of the key. */
  readonly key: string
  /** The environment of the key; null if it has none. */
  readonly environment: string | null
  /** Whether the link can still be opened, or how it ended. */
  readonly state: 'pending' | 'opened' | 'expired' | 'withdrawn'
  /** When it was created. */
  readonly createdAt: string
  /** Who created it: the id of a key, or `setup`. */
  readonly createdBy: string
  /** Until when the link can be opened. */
  readonly expiresAt: string
  /** When it was opened, expired or withdrawn; null while pending. */
  readonly endedAt: string | null
  /** When it was opened; null if it was not. */
  readonly openedAt: string | null
  /** From which IP address it was opened; null if it was not. */
  readonly address: string | null
  /** By which `User-Agent` it was opened, as far as it sent one. */
  readonly userAgent: string | null
}

/** The import. */
export interface Import {
  /** The id of the import. */
  readonly id: string
  /** `receiving`: the file arrives. `running`: its keys are made. `stopped`: it ended before its last line. `failed`: the server could not go on with it. */
  readonly state: 'receiving' | 'running' | 'done' | 'stopped' | 'failed'
  /** The lines with keys in the file; null while it arrives. */
  readonly lines: number | null
  /** How many of these lines are done, with or without a problem. */
  readonly read: number
  /** How many keys were made. */
  readonly made: number
  /** How many lines have a problem and made no key. */
  readonly problemCount: number
  /** When it was created. */
  readonly createdAt: string
  /** Who created it: the id of a key, or `setup`. */
  readonly createdBy: string
  /** When it was done, was stopped or has failed; null while it is under way. */
  readonly endedAt: string | null
  /** The first 1,000 problems. */
  readonly problems: readonly {
    /** The line in the file, from 1; 0 for a problem of the whole import. */
    readonly line: number
    /** The problem. It never contains a token. */
    readonly message: string
  }[]
}

export interface PortalSession {
  /** The id of the portal session. */
  readonly id: string
  /** The id of the consumer. */
  readonly consumer: string
  /** The environment of the consumer. */
  readonly environment: string
  /** What its issuer allowed. */
  readonly scopes: readonly ('keys.read' | 'keys.create' | 'keys.roll' | 'keys.delete' | 'usage.read')[]
  /** Where the page leads back to; null for nowhere. */
  readonly returnUrl: string | null
  /** `pending`: the link was not opened yet. `ended`: withdrawn, left, or its consumer was removed. */
  readonly state: 'pending' | 'open' | 'expired' | 'ended'
  /** When it was created. */
  readonly createdAt: string
  /** Who created it: the id of a key, or `setup`. */
  readonly createdBy: string
  /** When the link and the session end. */
  readonly expiresAt: string
  /** When the link was opened; null if it was not. */
  readonly openedAt: string | null
  /** When it ended or expired; null if it has not. */
  readonly endedAt: string | null
  /** From which IP address it was opened; null if it was not. */
  readonly address: string | null
  /** By which `User-Agent` it was opened, as far as it sent one. */
  readonly userAgent: string | null
}

export interface ExternalKey {
  /** The id of the external key. */
  readonly id: string
  /** The id of the key in its own organization. */
  readonly keyId: string
  /** The organization that owns the key. */
  readonly owner: {
    /** The slug of the organization that owns the key. */
    readonly slug: string
    /** The name of the organization that owns the key. */
    readonly name: string
  }
  /** Your name for the key; null for none. */
  readonly label: string | null
  /** The roles that the key has here, and nothing else. */
  readonly roles: readonly string[]
  /** When it was added. */
  readonly addedAt: string
  /** The id of who added it. */
  readonly addedBy: string
  /** Whether the key works here now. */
  readonly status: 'active' | 'inactive'
  /** Why the key does not work; only while it is `inactive`. */
  readonly reason?:
    | 'switched_off_here'
    | 'owner_inactive'
    | 'owner_expired'
    | 'owner_deleted'
    | 'owner_forbids'
    | undefined
  /** When a gateway last decided a request with the key here; null for none. */
  readonly lastUsedAt: string | null
  /** The addresses and ranges from which the key works here, besides those of its owner. */
  readonly addressRules: readonly string[]
  /** The rate limits of the key here, besides those of its owner. */
  readonly rateLimits: readonly {
    /** The most requests in one burst; they refill evenly over `per`. */
    readonly requests: number
    /** The time in which `requests` refill; a month has 30 days. */
    readonly per: string
    /** What a limit of a trigger counts: each consumer, or each credential. A limit of a key counts the key. */
    readonly by: string
  }[]
}

export interface OrganizationAcceptance {
  /** Whether the organization lets others accept its keys at all. */
  readonly allowed: boolean
}

export interface Acceptances {
  /** Whether organizations may accept the key that have no rule of their own. */
  readonly allowed: boolean
  /** Whether the organization lets others accept its keys at all. If false, no organization can accept one. */
  readonly allowedForOrganization: boolean
  /** The organizations that have added the key, and those that may not accept it, by slug. */
  readonly items: readonly {
    /** The other organization. */
    readonly organization: {
      /** Its slug. */
      readonly slug: string
      /** Its name; null if it has not added the key. */
      readonly name: string | null
    }
    /** Whether it may accept the key, by all rules together. */
    readonly allowed: boolean
    /** Which of your rules forbid it: the one for all keys, the one for the key, or the one for the key and this organization. Empty if it is allowed. */
    readonly forbiddenBy: readonly ('organization' | 'key' | 'partner')[]
    /** When it added the key; null if it has not. */
    readonly addedAt: string | null
    /** Whether it has the key switched on; null if it has not added the key. */
    readonly status: 'active' | 'inactive' | null
  }[]
}

export interface Webhook {
  /** The id of the webhook. */
  readonly id: string
  /** Where events are sent. */
  readonly url: string
  /** The types of events that are sent. */
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
  /** Whether events are sent. */
  readonly status: 'active' | 'inactive'
  /** Until when messages are signed with the previous secret too; null if there is none. */
  readonly previousSecretEndsAt: string | null
  /** When it was created. */
  readonly createdAt: string
  /** Who created it: the id of a key, or `setup`. */
  readonly createdBy: string
}

export interface Session {
  /** The person who is signed in. */
  readonly member: {
    /** The id of the person, the same in every organization. */
    readonly id: string
    /** The e-mail address that the person signs in with. */
    readonly email: string
    /** The name of the person. */
    readonly name: string
  }
  /** The organizations that the person is a member of; empty while the second factor is missing. */
  readonly organizations: readonly {
    /** The slug of the organization. */
    readonly slug: string
    /** The name of the organization. */
    readonly name: string
    /** The roles of the person there. */
    readonly roles: readonly string[]
    /** What the person may do there. */
    readonly permissions: readonly {
      /** What the actor may do, such as `keys.create`. */
      readonly permission: string
      /** Only in this environment; absent for all. */
      readonly environment?: string | undefined
      /** Only in this project; absent for all. */
      readonly project?: string | undefined
      /** Only for this pipeline; absent for all. */
      readonly pipeline?: string | undefined
    }[]
  }[]
  /** When the session ends if it is not used again. */
  readonly expiresAt: string
  /** When the person last proved who they are; null if only a provider said so. */
  readonly confirmedAt: string | null
  /** True: the session can do nothing until the second factor is sent. */
  readonly secondFactorRequired: boolean
  /** What a page sends as `x-csrf-token` with a POST without a JSON body. Browsers that send `Origin` do not need it. */
  readonly csrfToken: string
}

export interface SecondFactor {
  /** The authenticator app; null if there is none, or its first code was not verified yet. */
  readonly authenticator: {
    /** When the first code of the app was verified. */
    readonly confirmedAt: string
  } | null
  /** How many recovery codes are left. */
  readonly recoveryCodesLeft: number
}

export interface PortalKey {
  /** The id of the key. It is not secret. */
  readonly id: string
  /** The name for people to read. Spaces at its ends are removed. */
  readonly name: string
  /** A public key may be published; a secret key is shown only once. */
  readonly type: 'public' | 'secret'
  /** The only environment in which the key works; null for all of them. */
  readonly environment: string | null
  /** The id of the consumer that owns the key; null for a key of the organization. A deleted key keeps it, even if the consumer is removed. */
  readonly consumer: string | null
  /** The roles whose permissions the key has. */
  readonly roles: readonly string[]
  /** Whether the key works now. `rolling`: it works with the old and with the new secret. */
  readonly state: 'active' | 'rolling' | 'inactive' | 'expired' | 'deleted'
  /** Whether the key is switched on. */
  readonly status: 'active' | 'inactive'
  /** When it was created. */
  readonly createdAt: string
  /** Who created it: the id of a key, or `setup`. */
  readonly createdBy: string
  /** When the key expires; null for never. */
  readonly expiresAt: string | null
  /** The secrets of the key, oldest first, without their tokens. */
  readonly secrets: readonly {
    /** The start of the token and four characters of its secret, to recognize it. */
    readonly hint: string
    /** When the secret was created. */
    readonly createdAt: string
    /** When the grace of a rolled secret ends; null for the current secret. */
    readonly expiresAt: string | null
    /** The requests with this secret, or with a JWT that was obtained with it, that gateways have decided, also by `/authz`, allowed or refused. A refusal counts only if the key itself was valid. Calls of the management API, `verify` and CORS preflights do not count. Gateways add their counts once a second. */
    readonly requests: number
    /** When the last of these requests came; null for none. */
    readonly lastUsedAt: string | null
    /** From which IP address; null for none, or if it is unknown. */
    readonly lastUsedAddress: string | null
  }[]
  /** Whether the current secret should be rolled, by the `rotationReminderDays` of its policy: `due` when it is so old, `overdue` 90 days later. */
  readonly freshness: 'fresh' | 'due' | 'overdue'
  /** When the `maxLifetimeDays` of its policy end the current secret; null without a maximum. */
  readonly lifetimeEndsAt: string | null
  /** One warning from 30 days before a working key stops, by `expiresAt` or `lifetimeEndsAt`. */
  readonly warnings: readonly {
    /** `expires`: by `expiresAt`. `lifetime_ends`: by the policy about age. */
    readonly code: 'expires' | 'lifetime_ends'
    /** When the key stops. */
    readonly endsAt: string
    /** What to do about it. */
    readonly message: string
  }[]
  /** The addresses and ranges from which the key works; empty for all. */
  readonly addressRules: readonly string[]
  /** The rate limits of the key; empty for none. */
  readonly rateLimits: readonly {
    /** The most requests in one burst; they refill evenly over `per`. */
    readonly requests: number
    /** The time in which `requests` refill; a month has 30 days. */
    readonly per: string
    /** What a limit of a trigger counts: each consumer, or each credential. A limit of a key counts the key. */
    readonly by: string
  }[]
  /** The labels of the key, by name, without those of its consumer. */
  readonly labels: Readonly<Record<string, string>>
  /** How the roll goes on; null if the key is not rolling. */
  readonly roll: {
    /** When the old secret ends by itself. */
    readonly endsAt: string
    /** Whether the old secret has been quiet for `quietSeconds`, and the new one was used or the old one never was. */
    readonly safeToFinish: boolean
    /** Why it is not safe; null if it is. */
    readonly reason: 'old_secret_in_use' | 'new_secret_not_used' | null
    /** How long the old secret must be quiet, in seconds. */
    readonly quietSeconds: number
    /** The old secret, then the new one. */
    readonly secrets: readonly {
      /** The `hint` of the secret. */
      readonly hint: string
      /** The requests with it in the last hour. */
      readonly requestsLastHour: number
      /** When it was used last; null for never. */
      readonly lastUsedAt: string | null
      /** The last 20 addresses that it was used from, the newest first. */
      readonly addresses: readonly {
        /** The address, or what the caller calls itself. */
        readonly value: string
        /** The requests with it since the roll began. */
        readonly requests: number
        /** When the last of them came. */
        readonly lastUsedAt: string
      }[]
      /** The last 20 `User-Agent`s that it was used by, the newest first. */
      readonly userAgents: readonly {
        /** The address, or what the caller calls itself. */
        readonly value: string
        /** The requests with it since the roll began. */
        readonly requests: number
        /** When the last of them came. */
        readonly lastUsedAt: string
      }[]
    }[]
  } | null
}

export interface Portal {
  /** The organization of the consumer. */
  readonly organization: {
    /** The slug of the organization. */
    readonly slug: string
    /** The name of the organization. */
    readonly name: string
    /** The colour of the organization on the portal page of its consumers; null for none. */
    readonly color: 'blue' | 'violet' | 'pink' | 'red' | 'orange' | 'green' | 'teal' | null
  }
  /** The consumer whose keys the session is about. */
  readonly consumer: {
    /** The id of the consumer. */
    readonly id: string
    /** The name of the consumer. */
    readonly name: string
  }
  /** The plan that limits the consumer; null for none. */
  readonly plan: {
    /** The name of the plan. */
    readonly name: string
    /** Its name for people to read, in any script; null for none. */
    readonly title: string | null
    /** Its rate limits; empty for none. */
    readonly rateLimits: readonly {
      /** The most requests in one burst; they refill evenly over `per`. */
      readonly requests: number
      /** The time in which `requests` refill; a month has 30 days. */
      readonly per: string
      /** What a limit of a plan counts for each consumer: its requests to all pipelines of the environment together, or to each pipeline. */
      readonly scope: string
    }[]
  } | null
  /** What the session allows now: what its issuer allowed and still may do. */
  readonly scopes: readonly ('keys.read' | 'keys.create' | 'keys.roll' | 'keys.delete' | 'usage.read')[]
  /** Where the page leads back to; null for nowhere. */
  readonly returnUrl: string | null
  /** When the session ends. */
  readonly expiresAt: string
  /** For `x-csrf-token`, which only a POST without a JSON body from a program needs. */
  readonly csrfToken: string
}

export interface PolicyVersion {
  /** Which credentials each pipeline in the environment must require. */
  readonly mode: 'any' | 'api-key' | 'jwt' | 'jwt-and-api-key'
  /** 1 for the mode that the environment started with, then one more for each change. */
  readonly version: number
  /** When this version of the policy was set. */
  readonly updatedAt: string
  /** Who set it: the id of a key, or `setup`. */
  readonly updatedBy: string
  /** The same as `updatedAt`. */
  readonly createdAt: string
}

export interface Conformity {
  /** The name of the pipeline. */
  readonly pipeline: string
  /** The deployed version. */
  readonly version: string
  /** The id of the deployment. */
  readonly deploymentId: string
  /** Whether the deployment conforms to the policy. */
  readonly conforming: boolean
  /** Everything that the deployment lacks; empty if it conforms. */
  readonly violations: readonly {
    /** The rule that is not met, such as `api-key-required`; docs/access.md lists all. */
    readonly rule: string
    /** The policy that requires it; absent for a rule of every policy. */
    readonly policy?: string | undefined
    /** The name of the environment. */
    readonly environment: string
    /** The location in the spec, as a JSON Pointer. */
    readonly path: string
    /** What the rule requires there. */
    readonly required: string
    /** What the spec has there. */
    readonly found: string
    /** What to change. */
    readonly fix: string
  }[]
}

export interface ListedPipeline {
  /** The name, unique within the organization. */
  readonly name: string
  /** The name of its project. */
  readonly project: string
  /** The newest version. */
  readonly version: string
  /** When it was created. */
  readonly createdAt: string
}

export interface ScheduleRun {
  /** The major version; each has its own due times. */
  readonly major: number
  /** When the schedule was due. */
  readonly dueAt: string
  /** When the run started. */
  readonly startedAt: string
  /** Null while it runs. Without `overlap: forbid` or `replace` also if its process stopped during the run. */
  readonly finishedAt: string | null
  /** `succeeded`, or the code of the problem; `replaced` or `interrupted` if it was ended early; `missed` or `skipped` if it did not run. */
  readonly outcome: string | null
  /** How many due times right before this one have no run, because no gateway could run them: at most 1000. */
  readonly missedBefore: number
}

export interface ListedDeployment {
  /** The id of the deployment. */
  readonly id: string
  /** The name of the pipeline. */
  readonly pipeline: string
  /** The name of the project of the pipeline. */
  readonly project: string
  /** The deployed version, such as `1.0`. */
  readonly version: string
  /** The name of the environment. */
  readonly environment: string
  /** The URL for callers; null for a schedule, and while no host of the trigger belongs to the environment. */
  readonly url: string | null
  /** Whether the trigger of its version is in maintenance: callers get 503 `maintenance` while it is live. */
  readonly inMaintenance: boolean
  /** How it went live, by `createdBy`; null for a deployment of a release that did not record it. */
  readonly origin: 'deploy' | 'promote' | 'rollback' | 'redeploy' | null
  /** The deployment whose version was promoted, rolled back to or redeployed; null for `deploy`, for an unknown `origin`, and if you may not read deployments there. */
  readonly from: {
    /** The id of the deployment; it may no longer be kept. */
    readonly deploymentId: string
    /** Its environment, which may be removed. */
    readonly environment: string
  } | null
  /** When it was created. */
  readonly createdAt: string
  /** Who created it: the id of a key, or `setup`. */
  readonly createdBy: string
  /** When it was replaced or removed; null while it is live. */
  readonly endedAt: string | null
  /** Who replaced or removed it; null while it is live. */
  readonly endedBy: string | null
  /** The deployment that replaced it; null if none did. */
  readonly replacedBy: string | null
  /** When its pipeline was removed; null while it exists. Another pipeline can have the name `pipeline` now. */
  readonly pipelineRemovedAt: string | null
}

/** The key that signs from now on. */
export interface SigningKey {
  /** The `kid` of its tokens. */
  readonly id: string
  /** The algorithm of its signatures. */
  readonly algorithm: 'EdDSA' | 'ES256' | 'RS256'
  /** `signing`: signs new tokens. `verifying`: only verifies older ones. `retired`: its tokens have ended. */
  readonly state: 'signing' | 'verifying' | 'retired'
  /** When it was created. */
  readonly createdAt: string
  /** Who created it: the id of a key, or `setup`. */
  readonly createdBy: string
  /** When its tokens end; null for the key that currently signs. */
  readonly verifiesUntil: string | null
  /** The public key as a JWK (RFC 7517). */
  readonly publicJwk: {
    /** The key type: `OKP`, `EC` or `RSA`. */
    readonly kty: string
    /** The id of the key. */
    readonly kid?: string | undefined
    /** The algorithm of its signatures. */
    readonly alg?: string | undefined
    /** `sig`: for signatures. */
    readonly use?: string | undefined
    /** The curve of an `OKP` or `EC` key. */
    readonly crv?: string | undefined
    /** The public key (`OKP`), or its x coordinate (`EC`). */
    readonly x?: string | undefined
    /** The y coordinate of an `EC` key. */
    readonly y?: string | undefined
    /** The modulus of an `RSA` key. */
    readonly n?: string | undefined
    /** The exponent of an `RSA` key. */
    readonly e?: string | undefined
  }
}

export interface BasicCredential {
  /** Unique within the environment of the consumer. */
  readonly username: string
  /** When it was created. */
  readonly createdAt: string
  /** Who created it: the id of a key, or `setup`. */
  readonly createdBy: string
}

export interface ListedRole {
  /** Unique in the organization. */
  readonly name: string
  /** Whether every organization has this role. */
  readonly builtIn: boolean
  /** What a key with the role may do. */
  readonly permissions: readonly {
    /** What it permits, as `resource.action`. */
    readonly permission: string
    /** The only environment in which it holds; any if it is left out. */
    readonly environment?: string | undefined
    /** The only project for which it holds; any if it is left out. */
    readonly project?: string | undefined
    /** The only pipeline for which it holds; any if it is left out. */
    readonly pipeline?: string | undefined
  }[]
  /** When it was created; null for a built-in role. */
  readonly createdAt: string | null
  /** The id of its creator; null for a built-in role. */
  readonly createdBy: string | null
  /** When it was changed last; null for a built-in role. */
  readonly updatedAt: string | null
  /** The id of who changed it last; null for a built-in role. */
  readonly updatedBy: string | null
}

export interface Invitation {
  /** The id of the invitation. */
  readonly id: string
  /** Who is invited. */
  readonly email: string
  /** The roles that the person gets. */
  readonly roles: readonly string[]
  /** Until when it can be accepted: 7 days after it was created. */
  readonly expiresAt: string
  /** When it was created. */
  readonly createdAt: string
  /** Who created it: the id of a key, or `setup`. */
  readonly createdBy: string
}

export interface ListedKey {
  /** The id of the key. It is not secret. */
  readonly id: string
  /** The name for people to read. Spaces at its ends are removed. */
  readonly name: string
  /** A public key may be published; a secret key is shown only once. */
  readonly type: 'public' | 'secret'
  /** The only environment in which the key works; null for all of them. */
  readonly environment: string | null
  /** The id of the consumer that owns the key; null for a key of the organization. A deleted key keeps it, even if the consumer is removed. */
  readonly consumer: string | null
  /** The roles whose permissions the key has. */
  readonly roles: readonly string[]
  /** Whether the key works now. `rolling`: it works with the old and with the new secret. */
  readonly state: 'active' | 'rolling' | 'inactive' | 'expired' | 'deleted'
  /** Whether the key is switched on. */
  readonly status: 'active' | 'inactive'
  /** When it was created. */
  readonly createdAt: string
  /** Who created it: the id of a key, or `setup`. */
  readonly createdBy: string
  /** When the key expires; null for never. */
  readonly expiresAt: string | null
  /** The secrets of the key, oldest first, without their tokens. */
  readonly secrets: readonly {
    /** The start of the token and four characters of its secret, to recognize it. */
    readonly hint: string
    /** When the secret was created. */
    readonly createdAt: string
    /** When the grace of a rolled secret ends; null for the current secret. */
    readonly expiresAt: string | null
    /** The requests with this secret, or with a JWT that was obtained with it, that gateways have decided, also by `/authz`, allowed or refused. A refusal counts only if the key itself was valid. Calls of the management API, `verify` and CORS preflights do not count. Gateways add their counts once a second. */
    readonly requests: number
    /** When the last of these requests came; null for none. */
    readonly lastUsedAt: string | null
    /** From which IP address; null for none, or if it is unknown. */
    readonly lastUsedAddress: string | null
  }[]
  /** Whether the current secret should be rolled, by the `rotationReminderDays` of its policy: `due` when it is so old, `overdue` 90 days later. */
  readonly freshness: 'fresh' | 'due' | 'overdue'
  /** When the `maxLifetimeDays` of its policy end the current secret; null without a maximum. */
  readonly lifetimeEndsAt: string | null
  /** One warning from 30 days before a working key stops, by `expiresAt` or `lifetimeEndsAt`. */
  readonly warnings: readonly {
    /** `expires`: by `expiresAt`. `lifetime_ends`: by the policy about age. */
    readonly code: 'expires' | 'lifetime_ends'
    /** When the key stops. */
    readonly endsAt: string
    /** What to do about it. */
    readonly message: string
  }[]
  /** The addresses and ranges from which the key works; empty for all. */
  readonly addressRules: readonly string[]
  /** The rate limits of the key; empty for none. */
  readonly rateLimits: readonly {
    /** The most requests in one burst; they refill evenly over `per`. */
    readonly requests: number
    /** The time in which `requests` refill; a month has 30 days. */
    readonly per: string
    /** What a limit of a trigger counts: each consumer, or each credential. A limit of a key counts the key. */
    readonly by: string
  }[]
  /** The labels of the key, by name, without those of its consumer. */
  readonly labels: Readonly<Record<string, string>>
  /** The name of the consumer, for a deleted key even if the consumer is removed; null for a key of the organization, and if you may not read the consumers of the environment. */
  readonly consumerName: string | null
  /** Only for a public key. */
  readonly token?: string | undefined
}

/** The import, without its problems. */
export interface ListedImport {
  /** The id of the import. */
  readonly id: string
  /** `receiving`: the file arrives. `running`: its keys are made. `stopped`: it ended before its last line. `failed`: the server could not go on with it. */
  readonly state: 'receiving' | 'running' | 'done' | 'stopped' | 'failed'
  /** The lines with keys in the file; null while it arrives. */
  readonly lines: number | null
  /** How many of these lines are done, with or without a problem. */
  readonly read: number
  /** How many keys were made. */
  readonly made: number
  /** How many lines have a problem and made no key. */
  readonly problemCount: number
  /** When it was created. */
  readonly createdAt: string
  /** Who created it: the id of a key, or `setup`. */
  readonly createdBy: string
  /** When it was done, was stopped or has failed; null while it is under way. */
  readonly endedAt: string | null
}

export interface Leak {
  /** The id of the leak. */
  readonly id: string
  /** The id of the key. */
  readonly key: string
  /** The name of the key. */
  readonly keyName: string
  /** The `hint` of the secret that was found; null if the key has that secret no more. */
  readonly hint: string | null
  /** The environment of the key; null if it has none. */
  readonly environment: string | null
  /** Who found it. */
  readonly source: 'github'
  /** Where it was found; null if the source did not say. */
  readonly url: string | null
  /** Whether the secret worked when the leak was reported. */
  readonly live: boolean
  /** Whether the secret works now. A roll ends it, and so does what ends the key or switches it off. */
  readonly stillLive: boolean
  /** Whether the key was switched off because of it. */
  readonly switchedOff: boolean
  /** When it was reported. */
  readonly createdAt: string
}

export interface Acceptance {
  /** Your key. */
  readonly key: {
    /** Its id. */
    readonly id: string
    /** Its name. */
    readonly name: string
  }
  /** The organization that has added the key. */
  readonly organization: {
    /** Its slug. */
    readonly slug: string
    /** Its name. */
    readonly name: string
  }
  /** Which of your rules forbid it: the one for all keys, the one for the key, or the one for the key and this organization. Empty if it is allowed. */
  readonly forbiddenBy: readonly ('organization' | 'key' | 'partner')[]
  /** Whether it has the key switched on. */
  readonly status: 'active' | 'inactive'
  /** When it added the key. */
  readonly addedAt: string
  /** When the key was last used there; null if never. */
  readonly lastUsedAt: string | null
}

export interface Usage {
  /** The id of the key or consumer, `key_…/2` for the second secret of a key, the name of the environment or pipeline, `orders/1.0` for a version, or the code. Null for requests without a key or a consumer, and without `groupBy`. */
  readonly group: string | null
  /** The start of the interval. */
  readonly at: string
  /** How many requests there were. */
  readonly requests: number
  /** How many of them were let in. */
  readonly allowed: number
  /** How many of them were refused. */
  readonly refused: number
}

export interface DecidedRequest {
  /** The `x-request-id` of the response. It need not be unique: a caller can choose its own. */
  readonly requestId: string
  /** When the request arrived. */
  readonly at: string
  /** `gateway` for a request that the gateway serves, `authz` for one that it authorized for another proxy. */
  readonly entrance: 'gateway' | 'authz'
  /** The environment that the request addressed. */
  readonly environment: string
  /** The pipeline; null if the request matched none. */
  readonly pipeline: string | null
  /** The version of the pipeline, such as `1.0`. */
  readonly version: string | null
  /** `valid` for a request that was let in and served, otherwise the code of the problem that it was answered with or that ended it. */
  readonly code: string
  /** The id of the verified key, also of a JWT; null without one. */
  readonly key: string | null
  /** The id of the organization's consumer; null if none was identified. */
  readonly consumer: string | null
  /** The method, such as `GET`. */
  readonly method: string
  /** The status of the response; null if none was begun. */
  readonly status: number | null
  /** `sent`: the response was sent completely. `caller_gone`: the caller closed the connection before. `cut_off`: the gateway did, because the request was no longer allowed, the upstream failed in the middle, or the server stopped. */
  readonly end: 'sent' | 'caller_gone' | 'cut_off'
  /** From the arrival of the headers until the end, in milliseconds. */
  readonly durationMs: number
  /** The time spent on upstreams, in milliseconds: until the headers of a proxied response, and until the end of a call's. Null if no upstream was asked. */
  readonly upstreamMs: number | null
  /** Bytes of the request's body that were read for the pipeline. */
  readonly requestBytes: number
  /** Bytes of the response's body that were handed to the connection. */
  readonly responseBytes: number
}

export interface Delivery {
  /** The id of the delivery, which is the `webhook-id` of its messages. */
  readonly id: string
  /** The type of the event. */
  readonly type:
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
  /** When the event happened. */
  readonly happenedAt: string
  /** `failed`: it was given up. It can be replayed. */
  readonly state: 'pending' | 'delivered' | 'failed'
  /** When the next attempt is due, at the earliest; null unless it is `pending`. */
  readonly nextAttemptAt: string | null
  /** How many attempts there were. */
  readonly attemptCount: number
  /** The newest 20 attempts, oldest first. */
  readonly attempts: readonly {
    /** When it began. */
    readonly at: string
    /** How long it took, in ms. */
    readonly durationMs: number
    /** The HTTP status of the answer; null if there was none. */
    readonly status: number | null
    /** Why there was no answer; null if there was one. */
    readonly error:
      | 'unreachable'
      | 'tls_failed'
      | 'connection_lost'
      | 'timeout'
      | 'internal'
      | 'withdrawn'
      | null
  }[]
}

export interface AuditEvent {
  /** The number of the event in the organization: 1, 2, 3, and so on without gaps. */
  readonly sequence: number
  /** When it happened. */
  readonly at: string
  /** Who did it: the id of a key or a person, `setup`, `rotation`, which rolls keys on their schedule, or `housekeeping`, which removes what has expired. */
  readonly actor: string
  /** What was done, such as `keys.create`. */
  readonly action: string
  /** To what, as kind and id, such as `key/key_4fT0Qm2ZrX9bLk7A`. */
  readonly target: string
  /** The target before the change, without secrets; null if it did not exist. */
  readonly before: unknown
  /** The target after the change, without secrets; null if it no longer exists. */
  readonly after: unknown
  /** The `hash` of the event before; 64 zeros for the first one. */
  readonly previousHash: string
  /** SHA-256 over `previousHash` and this event, in hexadecimal. */
  readonly hash: string
}

export interface Gateway {
  /** As receipts name it. A gateway that uses the database itself has a new id after each start; an enrolled one keeps its own. */
  readonly id: string
  /** `gateway`; `control` for a control node, which decides for `POST /v1/verify` alone; `gate` for a gate inside another program; `relay`, which decides nothing. */
  readonly role: string
  /** What operators call an enrolled gateway; null for others. */
  readonly name: string | null
  /** The `revision` of the newest change that it has applied, as in receipts. */
  readonly revision: number
  /** When it last reported, by its own clock. */
  readonly seenAt: string
  /** Whether it may not have applied the newest changes. */
  readonly stale: boolean
  /** `over`: it has no connection to a control node. What it does with calls then is the `whenStale` of their environment. */
  readonly lease: 'held' | 'over'
  /** Whether it has ever had a connection to a control node. One that enrolled and has not decides nothing, and receipts leave it out. */
  readonly attached: boolean
  /** Whether it gets no changes any more, because one of them has a part that its release does not know and would ignore. */
  readonly needsUpgrade: boolean
  /** Of its program; null if it has not said. */
  readonly version: string | null
  /** How many threads decide in it; null if it has not said. */
  readonly threads: number | null
  /** How many calls and connections were open when it last reported; null if it has not said. */
  readonly openExchanges: number | null
  /** How far its clock is ahead of its control node's, in milliseconds; null if it is not known. */
  readonly clockOffsetMs: number | null
}

export interface LinkedProvider {
  /** The id of the provider in the settings. */
  readonly id: string
  /** The name of the provider, for people to read. */
  readonly name: string
  /** The e-mail address of the account when it was linked; null if the provider has none. */
  readonly email: string | null
  /** When the account was linked. */
  readonly linkedAt: string
}

export interface WebSession {
  /** The id of the session. */
  readonly id: string
  /** How the person signed in. */
  readonly method: 'password' | 'passkey' | 'provider'
  /** When the person signed in. */
  readonly createdAt: string
  /** When it was last used, to the minute. */
  readonly lastUsedAt: string
  /** When it ends if it is not used again. */
  readonly expiresAt: string
  /** The address of the sign-in; null if it is unknown. */
  readonly address: string | null
  /** What the browser or program called itself; null for nothing. */
  readonly userAgent: string | null
}

export interface Passkey {
  /** The id of the passkey. */
  readonly id: string
  /** The name that the person gave it. */
  readonly name: string
  /** Whether the passkey can be on several devices. */
  readonly synced: boolean
  /** When it was created. */
  readonly createdAt: string
  /** When it last signed in or confirmed; null for never. */
  readonly lastUsedAt: string | null
}

/** The key. */
export interface ListedPortalKey {
  /** The id of the key. It is not secret. */
  readonly id: string
  /** The name for people to read. Spaces at its ends are removed. */
  readonly name: string
  /** A public key may be published; a secret key is shown only once. */
  readonly type: 'public' | 'secret'
  /** The only environment in which the key works; null for all of them. */
  readonly environment: string | null
  /** The id of the consumer that owns the key; null for a key of the organization. A deleted key keeps it, even if the consumer is removed. */
  readonly consumer: string | null
  /** The roles whose permissions the key has. */
  readonly roles: readonly string[]
  /** Whether the key works now. `rolling`: it works with the old and with the new secret. */
  readonly state: 'active' | 'rolling' | 'inactive' | 'expired' | 'deleted'
  /** Whether the key is switched on. */
  readonly status: 'active' | 'inactive'
  /** When it was created. */
  readonly createdAt: string
  /** Who created it: the id of a key, or `setup`. */
  readonly createdBy: string
  /** When the key expires; null for never. */
  readonly expiresAt: string | null
  /** The secrets of the key, oldest first, without their tokens. */
  readonly secrets: readonly {
    /** The start of the token and four characters of its secret, to recognize it. */
    readonly hint: string
    /** When the secret was created. */
    readonly createdAt: string
    /** When the grace of a rolled secret ends; null for the current secret. */
    readonly expiresAt: string | null
    /** The requests with this secret, or with a JWT that was obtained with it, that gateways have decided, also by `/authz`, allowed or refused. A refusal counts only if the key itself was valid. Calls of the management API, `verify` and CORS preflights do not count. Gateways add their counts once a second. */
    readonly requests: number
    /** When the last of these requests came; null for none. */
    readonly lastUsedAt: string | null
    /** From which IP address; null for none, or if it is unknown. */
    readonly lastUsedAddress: string | null
  }[]
  /** Whether the current secret should be rolled, by the `rotationReminderDays` of its policy: `due` when it is so old, `overdue` 90 days later. */
  readonly freshness: 'fresh' | 'due' | 'overdue'
  /** When the `maxLifetimeDays` of its policy end the current secret; null without a maximum. */
  readonly lifetimeEndsAt: string | null
  /** One warning from 30 days before a working key stops, by `expiresAt` or `lifetimeEndsAt`. */
  readonly warnings: readonly {
    /** `expires`: by `expiresAt`. `lifetime_ends`: by the policy about age. */
    readonly code: 'expires' | 'lifetime_ends'
    /** When the key stops. */
    readonly endsAt: string
    /** What to do about it. */
    readonly message: string
  }[]
  /** The addresses and ranges from which the key works; empty for all. */
  readonly addressRules: readonly string[]
  /** The rate limits of the key; empty for none. */
  readonly rateLimits: readonly {
    /** The most requests in one burst; they refill evenly over `per`. */
    readonly requests: number
    /** The time in which `requests` refill; a month has 30 days. */
    readonly per: string
    /** What a limit of a trigger counts: each consumer, or each credential. A limit of a key counts the key. */
    readonly by: string
  }[]
  /** The labels of the key, by name, without those of its consumer. */
  readonly labels: Readonly<Record<string, string>>
}

export interface PortalPipeline {
  /** The name of the pipeline. */
  readonly pipeline: string
  /** The version that is live, such as `1.0`. */
  readonly version: string
  /** The URL to call. A part of its path that starts with `:` stands for a value of the caller. */
  readonly url: string
  /** The HTTP methods that it takes. */
  readonly methods: readonly string[]
  /** The credentials that a caller must send: every one that is true is required. */
  readonly authentication: {
    /** An API key. */
    readonly apiKey: boolean
    /** A JWT. */
    readonly jwt: boolean
    /** A username and a password. */
    readonly basic: boolean
  }
}

export interface SignInProvider {
  /** The id of the provider in the settings. */
  readonly id: string
  /** The name of the provider, for people to read. */
  readonly name: string
}

export interface AuditKey {
  /** `keyId` of the checkpoints that it signs. */
  readonly id: string
  /** The signature algorithm (RFC 8032). */
  readonly algorithm: 'Ed25519'
  /** The public key as PEM, for `npm run audit -- verify FILE --public-key KEY_FILE`. */
  readonly publicKey: string
  /** SHA-256 over the DER form of the public key, in hexadecimal. */
  readonly fingerprint: string
  /** When the key was made. */
  readonly createdAt: string
}

/** Proof that the change is in force, or which gateways have not applied it yet. */
export interface Receipt {
  /** The number of the change in the installation. A later change has a higher one. */
  readonly revision: number
  /** True: every gateway has applied the change, or refuses calls until it has. False: the change is saved, but a gateway that `gateways` names, or that could not be asked, may still decide by the old state. Then ask again: repeat a `PATCH`, or the `DELETE` of a key, to wait once more with a new receipt; after any other change, read `GET /v1/organizations/{organization}/gateways` until each gateway in it has at least this `revision` and is not `stale`. */
  readonly confirmed: boolean
  /** Every gateway of the installation when the change was saved. */
  readonly gateways: readonly {
    /** As `GET /v1/organizations/{organization}/gateways` names it. */
    readonly id: string
    /** `applied`: it decides by the change, or by a later one. `past`: it lost its connection before it had the change, and its lease is over. Then it refuses calls of environments with `whenStale: refuse`, and may serve others by the old state. `pending`: it has not reported yet. */
    readonly state: 'applied' | 'pending' | 'past'
    /** Whether this gateway has applied the change, or can no longer decide by the old state. */
    readonly confirmed: boolean
    /** When the gateway last reported, by its own clock. */
    readonly seenAt: string
  }[]
  /** How long the request waited for the gateways, in milliseconds. */
  readonly elapsedMs: number
}

// Generated from openapi/openapi.json by `npm run sdk`. Change the document instead.

import type {
  Organization,
  Environment,
  Project,
  Secret,
  Variable,
  Plan,
  Consumer,
  Member,
  Rotation,
  ExternalKey,
  Webhook,
  SigningKey,
  ListedRole,
  ListedPortalKey,
  Receipt,
} from './types.ts'

export interface SetUpOutput {
  /** The organization. */
  readonly organization: Organization
  /** The key `Owner`, with the role `owner`. */
  readonly key: ListedPortalKey
  /** The token of the owner key. Shown only once. */
  readonly token: string
  /** The owner, if the request had one. */
  readonly member?:
    | {
        /** The id of the person, the same in every organization. */
        readonly id: string
        /** The e-mail address that the person signs in with. */
        readonly email: string
        /** The name of the person. */
        readonly name: string
      }
    | undefined
}

export interface WhoamiOutput {
  /** The slug of the organization that owns the key. */
  readonly organization: string
  /** The key that you sent. */
  readonly key: {
    /** The id of the key. */
    readonly id: string
    /** A public key may only call this operation. */
    readonly type: 'public' | 'secret'
    /** The name of the key. */
    readonly name: string
  }
  /** What the key may do. */
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
}

export interface CreateResetLinkOutput {
  /** The link to hand over. It is shown once. */
  readonly link: string
  /** What `POST /v1/auth/reset` takes: the part of the link after `#`. */
  readonly token: string
  /** When it stops working. */
  readonly expiresAt: string
}

export interface CreateOrganizationOutput {
  /** The organization. */
  readonly organization: Organization
  /** The key `Owner`, with the role `owner`. */
  readonly key: ListedPortalKey
  /** The token of the owner key. Shown only once. */
  readonly token: string
}

export interface UpdateOrganizationOutput {
  /** The organization. */
  readonly organization: Organization
  /** Proof that the change is in force, or which gateways have not applied it yet. */
  readonly receipt: Receipt
}

export interface UpdateEnvironmentOutput {
  /** The environment. */
  readonly environment: Environment
  /** Proof that the change is in force, or which gateways have not applied it yet. */
  readonly receipt: Receipt
}

export interface RemoveEnvironmentOutput {
  /** Proof that the change is in force, or which gateways have not applied it yet. */
  readonly receipt: Receipt
}

export interface SetPolicyOutput {
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
  /** Every live deployment that does not conform to the mode. */
  readonly affected: readonly {
    /** The name of the pipeline. */
    readonly pipeline: string
    /** The deployed version. */
    readonly version: string
    /** The id of the deployment. */
    readonly deploymentId: string
    /** Whether it conforms to the previous mode. */
    readonly stopsConforming: boolean
    /** Everything that the deployment lacks. */
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
  }[]
  /** Absent after a dry run. */
  readonly receipt?: Receipt | undefined
}

export interface SetKeyAgeOutput {
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
  /** The first 100 keys that work now and that the new maximum ends earlier than before, in the order in which they stop. Empty without the permission `keys.read` for them. */
  readonly affected: readonly {
    /** The id of the key. */
    readonly key: string
    /** The name of the key. */
    readonly name: string
    /** The id of the consumer that owns it; null for none. */
    readonly consumer: string | null
    /** When its current secret stops, unless it is rolled before; in the past for a key that stops at once. */
    readonly stopsAt: string
  }[]
  /** How many of them there are; 10,000 if there are more. */
  readonly affectedTotal: number
  /** Whether `affectedTotal` is all of them. */
  readonly affectedTotalIsExact: boolean
  /** Absent after a dry run. */
  readonly receipt?: Receipt | undefined
}

export interface SetOrganizationKeyAgeOutput {
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
  /** The first 100 keys that work now and that the new maximum ends earlier than before, in the order in which they stop. Empty without the permission `keys.read` for them. */
  readonly affected: readonly {
    /** The id of the key. */
    readonly key: string
    /** The name of the key. */
    readonly name: string
    /** The id of the consumer that owns it; null for none. */
    readonly consumer: string | null
    /** When its current secret stops, unless it is rolled before; in the past for a key that stops at once. */
    readonly stopsAt: string
  }[]
  /** How many of them there are; 10,000 if there are more. */
  readonly affectedTotal: number
  /** Whether `affectedTotal` is all of them. */
  readonly affectedTotalIsExact: boolean
  /** Absent after a dry run. */
  readonly receipt?: Receipt | undefined
}

export interface DescribeProjectOutput {
  /** The project. */
  readonly project: Project
  /** Proof that the change is in force, or which gateways have not applied it yet. */
  readonly receipt: Receipt
}

export interface RemoveProjectOutput {
  /** Proof that the change is in force, or which gateways have not applied it yet. */
  readonly receipt: Receipt
}

export interface RemovePipelineOutput {
  /** Proof that the change is in force, or which gateways have not applied it yet. */
  readonly receipt: Receipt
}

export interface EvaluateExpressionsOutput {
  /** One result for each expression, in their order; null if one of them failed. */
  readonly results:
    | readonly {
        /** The value; left out if the expression has no value. */
        readonly value?: unknown
      }[]
    | null
  /** Why a step with these expressions would fail; null if it would not. */
  readonly failure: {
    /** A JSON Pointer to the expression that failed, such as `/expressions/0`. */
    readonly place: string
    /** The reason that `step_failed` would have. */
    readonly reason: 'error' | 'timeout' | 'memory' | 'too_large' | 'number' | 'value'
    /** What happened. It never has parts of the message. */
    readonly detail: string
  } | null
}

export interface DeployOutput {
  /** Null after a dry run. */
  readonly id: string | null
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
  /** The deployment that it replaced; null if there was none. */
  readonly replaced: string | null
  /** Likely mistakes, which do not block the deployment. */
  readonly warnings: readonly {
    /** The kind of mistake, such as `open-to-everyone`; docs/access.md lists all. */
    readonly rule: string
    /** The location in the spec, as a JSON Pointer. */
    readonly path: string
    /** What is likely wrong, and what to change. */
    readonly detail: string
  }[]
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
  /** Absent after a dry run. */
  readonly receipt?: Receipt | undefined
}

export interface UndeployOutput {
  /** Proof that the change is in force, or which gateways have not applied it yet. */
  readonly receipt: Receipt
}

export interface PromoteOutput {
  /** Null after a dry run. */
  readonly id: string | null
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
  /** The deployment that it replaced; null if there was none. */
  readonly replaced: string | null
  /** Likely mistakes, which do not block the deployment. */
  readonly warnings: readonly {
    /** The kind of mistake, such as `open-to-everyone`; docs/access.md lists all. */
    readonly rule: string
    /** The location in the spec, as a JSON Pointer. */
    readonly path: string
    /** What is likely wrong, and what to change. */
    readonly detail: string
  }[]
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
  /** Absent after a dry run. */
  readonly receipt?: Receipt | undefined
}

export interface RollbackOutput {
  /** Null after a dry run. */
  readonly id: string | null
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
  /** The deployment that it replaced; null if there was none. */
  readonly replaced: string | null
  /** Likely mistakes, which do not block the deployment. */
  readonly warnings: readonly {
    /** The kind of mistake, such as `open-to-everyone`; docs/access.md lists all. */
    readonly rule: string
    /** The location in the spec, as a JSON Pointer. */
    readonly path: string
    /** What is likely wrong, and what to change. */
    readonly detail: string
  }[]
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
  /** Absent after a dry run. */
  readonly receipt?: Receipt | undefined
}

export interface RedeployOutput {
  /** Null after a dry run. */
  readonly id: string | null
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
  /** The deployment that it replaced; null if there was none. */
  readonly replaced: string | null
  /** Likely mistakes, which do not block the deployment. */
  readonly warnings: readonly {
    /** The kind of mistake, such as `open-to-everyone`; docs/access.md lists all. */
    readonly rule: string
    /** The location in the spec, as a JSON Pointer. */
    readonly path: string
    /** What is likely wrong, and what to change. */
    readonly detail: string
  }[]
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
  /** Absent after a dry run. */
  readonly receipt?: Receipt | undefined
}

export interface PutSecretOutput {
  /** The secret, without its value. */
  readonly secret: Secret
  /** Proof that the change is in force, or which gateways have not applied it yet. */
  readonly receipt: Receipt
}

export interface RemoveSecretOutput {
  /** Proof that the change is in force, or which gateways have not applied it yet. */
  readonly receipt: Receipt
}

export interface PutVariableOutput {
  /** The variable. */
  readonly variable: Variable
  /** Proof that the change is in force, or which gateways have not applied it yet. */
  readonly receipt: Receipt
}

export interface RemoveVariableOutput {
  /** Proof that the change is in force, or which gateways have not applied it yet. */
  readonly receipt: Receipt
}

export interface RotateSigningKeyOutput {
  /** The key that signs from now on. */
  readonly signingKey: SigningKey
  /** The previous signing key. */
  readonly retired: readonly SigningKey[]
  /** Proof that the change is in force, or which gateways have not applied it yet. */
  readonly receipt: Receipt
}

export interface RemoveSigningKeyOutput {
  /** Proof that the change is in force, or which gateways have not applied it yet. */
  readonly receipt: Receipt
}

export interface RemoveIssuerOutput {
  /** Proof that the change is in force, or which gateways have not applied it yet. */
  readonly receipt: Receipt
}

export interface UpdatePlanOutput {
  /** The plan. */
  readonly plan: Plan
  /** Proof that the change is in force, or which gateways have not applied it yet. */
  readonly receipt: Receipt
}

export interface RemovePlanOutput {
  /** Proof that the change is in force, or which gateways have not applied it yet. */
  readonly receipt: Receipt
}

export interface CreateConsumerOutput {
  /** The consumer. */
  readonly consumer: Consumer
  /** The first key of the consumer. */
  readonly key: ListedPortalKey
  /** The token of its first key. Shown only once. */
  readonly token: string
}

export interface UpdateConsumerOutput {
  /** The consumer. */
  readonly consumer: Consumer
  /** Proof that the change is in force, or which gateways have not applied it yet. */
  readonly receipt: Receipt
}

export interface RemoveConsumerOutput {
  /** Proof that the change is in force, or which gateways have not applied it yet. */
  readonly receipt: Receipt
}

export interface AddConsumerPipelineOutput {
  /** The consumer. */
  readonly consumer: Consumer
  /** Proof that the change is in force, or which gateways have not applied it yet. */
  readonly receipt: Receipt
}

export interface RemoveConsumerPipelineOutput {
  /** Proof that the change is in force, or which gateways have not applied it yet. */
  readonly receipt: Receipt
}

export interface AddConsumerProjectOutput {
  /** The consumer. */
  readonly consumer: Consumer
  /** Proof that the change is in force, or which gateways have not applied it yet. */
  readonly receipt: Receipt
}

export interface RemoveConsumerProjectOutput {
  /** Proof that the change is in force, or which gateways have not applied it yet. */
  readonly receipt: Receipt
}

export interface CreateBasicCredentialOutput {
  /** Unique within the environment of the consumer. */
  readonly username: string
  /** When it was created. */
  readonly createdAt: string
  /** Who created it: the id of a key, or `setup`. */
  readonly createdBy: string
  /** Shown only once. */
  readonly password: string
}

export interface RemoveBasicCredentialOutput {
  /** Proof that the change is in force, or which gateways have not applied it yet. */
  readonly receipt: Receipt
}

export interface UpdateRoleOutput {
  /** The role after the change. */
  readonly role: ListedRole
  /** Proof that the change is in force, or which gateways have not applied it yet. */
  readonly receipt: Receipt
}

export interface RemoveRoleOutput {
  /** Proof that the change is in force, or which gateways have not applied it yet. */
  readonly receipt: Receipt
}

export interface PreviewRolesOutput {
  /** The union, without what a wider permission includes; sorted. */
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
}

export interface UpdateMemberOutput {
  /** The member after the change. */
  readonly member: Member
  /** Proof that the change is in force, or which gateways have not applied it yet. */
  readonly receipt: Receipt
}

export interface RemoveMemberOutput {
  /** Proof that the change is in force, or which gateways have not applied it yet. */
  readonly receipt: Receipt
}

export interface CreateInvitationOutput {
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
  /** Where the person accepts. Shown only once; do not share it with others. */
  readonly link: string
  /** What `POST /v1/invitations/accept` takes: the part of the link after `#`. */
  readonly token: string
}

export interface WithdrawInvitationOutput {
  /** Proof that the change is in force, or which gateways have not applied it yet. */
  readonly receipt: Receipt
}

export interface CreateKeyOutput {
  /** The key. */
  readonly key: ListedPortalKey
  /** The token; that of a secret key is shown only once. Left out with `handOver`. */
  readonly token?: string | undefined
  /** The link that shows the token, if the request asked for one. */
  readonly handOver?:
    | {
        /** The id of the hand-over. */
        readonly id: string
        /** Shows the token once. Shown here only once; send it to the person who needs it. */
        readonly link: string
        /** Until when the link can be opened. */
        readonly expiresAt: string
      }
    | undefined
}

export interface UpdateKeyOutput {
  /** The key. */
  readonly key: ListedPortalKey
  /** Proof that the change is in force, or which gateways have not applied it yet. */
  readonly receipt: Receipt
}

export interface DeleteKeyOutput {
  /** Proof that the change is in force, or which gateways have not applied it yet. */
  readonly receipt: Receipt
}

export interface LookUpKeyOutput {
  /** The key. */
  readonly key: {
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
  }
  /** Whether the key works now. `rolling`: it works with the old and with the new secret. */
  readonly state: 'active' | 'rolling' | 'inactive' | 'expired' | 'deleted'
  /** The code that every gateway refuses this token with now, such as `key_outdated` for an old secret; null if none does. A pipeline can still refuse it, as can address rules and limits. */
  readonly code: string | null
}

export interface RollKeyOutput {
  /** The key. */
  readonly key: ListedPortalKey
  /** The token; that of a secret key is shown only once. Left out with `handOver`. */
  readonly token?: string | undefined
  /** The link that shows the token, if the request asked for one. */
  readonly handOver?:
    | {
        /** The id of the hand-over. */
        readonly id: string
        /** Shows the token once. Shown here only once; send it to the person who needs it. */
        readonly link: string
        /** Until when the link can be opened. */
        readonly expiresAt: string
      }
    | undefined
  /** Proof that the change is in force, or which gateways have not applied it yet. */
  readonly receipt: Receipt
}

export interface FinishRollOutput {
  /** The key. */
  readonly key: ListedPortalKey
  /** Proof that the change is in force, or which gateways have not applied it yet. */
  readonly receipt: Receipt
}

export interface UndoRollOutput {
  /** The key. */
  readonly key: ListedPortalKey
  /** Proof that the change is in force, or which gateways have not applied it yet. */
  readonly receipt: Receipt
}

export interface SetRotationOutput {
  /** The rotation. */
  readonly rotation: Rotation
  /** Proof that the change is in force, or which gateways have not applied it yet. */
  readonly receipt: Receipt
}

export interface RemoveRotationOutput {
  /** Proof that the change is in force, or which gateways have not applied it yet. */
  readonly receipt: Receipt
}

export interface VerifyOutput {
  /** Whether a gateway would accept the credentials for the call. */
  readonly valid: boolean
  /** `valid`, or the code of the refusal. */
  readonly code: string
  /** The fields of the request that the pipeline or the key demands and that were not sent. */
  readonly missing?: readonly ('token' | 'jwt' | 'basic' | 'address')[] | undefined
  /** Present if the token contains a secret of a key that you may know about, even if the key is refused. */
  readonly key?:
    | {
        /** The id of the key. */
        readonly id: string
        /** The type of the key. */
        readonly type: 'public' | 'secret'
        /** The only environment in which it works; null for all. */
        readonly environment: string | null
        /** Its own labels, by name; none of a key of another organization. */
        readonly labels: Readonly<Record<string, string>>
      }
    | undefined
  /** The consumer that the credentials identify; null for none. */
  readonly consumer?:
    | {
        /** The id of the consumer. */
        readonly id: string
      }
    | null
    | undefined
  /** The organization that owns the key. */
  readonly organization?: string | undefined
  /** The roles of the key in this organization. */
  readonly roles?: readonly string[] | undefined
  /** The newest change that the answer takes into account. */
  readonly asOfRevision: number
}

export interface WithdrawHandOverOutput {
  /** Proof that the change is in force, or which gateways have not applied it yet. */
  readonly receipt: Receipt
}

export interface StopImportOutput {
  /** Proof that the change is in force, or which gateways have not applied it yet. */
  readonly receipt: Receipt
}

export interface CreatePortalSessionOutput {
  /** The id of the portal session. */
  readonly id: string
  /** Opens the session, once. Shown here only once; send it to the consumer’s people. */
  readonly link: string
  /** When the link and the session end. */
  readonly expiresAt: string
}

export interface EndPortalSessionOutput {
  /** Proof that the change is in force, or which gateways have not applied it yet. */
  readonly receipt: Receipt
}

export interface UpdateExternalKeyOutput {
  /** The external key after the change. */
  readonly externalKey: ExternalKey
  /** Proof that the change is in force, or which gateways have not applied it yet. */
  readonly receipt: Receipt
}

export interface RemoveExternalKeyOutput {
  /** Proof that the change is in force, or which gateways have not applied it yet. */
  readonly receipt: Receipt
}

export interface SetOrganizationAcceptanceOutput {
  /** Whether another organization may accept the key. */
  readonly allowed: boolean
  /** Proof that the change is in force, or which gateways have not applied it yet. */
  readonly receipt: Receipt
}

export interface SetKeyAcceptanceOutput {
  /** Whether another organization may accept the key. */
  readonly allowed: boolean
  /** Proof that the change is in force, or which gateways have not applied it yet. */
  readonly receipt: Receipt
}

export interface SetPartnerAcceptanceOutput {
  /** Whether another organization may accept the key. */
  readonly allowed: boolean
  /** Proof that the change is in force, or which gateways have not applied it yet. */
  readonly receipt: Receipt
}

export interface CreateWebhookOutput {
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
  /** Signs the messages, by Standard Webhooks. It is shown only once. */
  readonly secret: string
}

export interface UpdateWebhookOutput {
  /** The webhook after the change. */
  readonly webhook: Webhook
  /** Proof that the change is in force, or which gateways have not applied it yet. */
  readonly receipt: Receipt
}

export interface RemoveWebhookOutput {
  /** Proof that the change is in force, or which gateways have not applied it yet. */
  readonly receipt: Receipt
}

export interface RotateWebhookOutput {
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
  /** Signs the messages, by Standard Webhooks. It is shown only once. */
  readonly secret: string
}

export interface RollOwnKeyOutput {
  /** The key. */
  readonly key: ListedPortalKey
  /** The token; that of a secret key is shown only once. Left out with `handOver`. */
  readonly token?: string | undefined
  /** The link that shows the token, if the request asked for one. */
  readonly handOver?:
    | {
        /** The id of the hand-over. */
        readonly id: string
        /** Shows the token once. Shown here only once; send it to the person who needs it. */
        readonly link: string
        /** Until when the link can be opened. */
        readonly expiresAt: string
      }
    | undefined
  /** Proof that the change is in force, or which gateways have not applied it yet. */
  readonly receipt: Receipt
}

export interface FinishOwnRollOutput {
  /** The key. */
  readonly key: ListedPortalKey
  /** Proof that the change is in force, or which gateways have not applied it yet. */
  readonly receipt: Receipt
}

export interface DeleteOwnKeyOutput {
  /** Proof that the change is in force, or which gateways have not applied it yet. */
  readonly receipt: Receipt
}

export interface BeginProviderLinkOutput {
  /** Where the browser goes now: to the provider. It comes back with the cookie of this answer. */
  readonly url: string
}

export interface BeginPasskeyOutput {
  /** Send it back with the response of the authenticator, within 5 minutes. It works once. */
  readonly ticket: string
  /** For `PublicKeyCredential.parseCreationOptionsFromJSON`, then `navigator.credentials.create` (WebAuthn Level 3). */
  readonly options: {
    /** What the authenticator signs, in base64url. */
    readonly challenge: string
    /** How long the person has, in ms. */
    readonly timeout?: number | undefined
  }
}

export interface BeginPasskeyStepUpOutput {
  /** Send it back with the response of the authenticator, within 5 minutes. It works once. */
  readonly ticket: string
  /** For `PublicKeyCredential.parseRequestOptionsFromJSON`, then `navigator.credentials.get` (WebAuthn Level 3). */
  readonly options: {
    /** What the authenticator signs, in base64url. */
    readonly challenge: string
    /** How long the person has, in ms. */
    readonly timeout?: number | undefined
  }
}

export interface BeginSecondFactorOutput {
  /** The secret in base32, to type into an authenticator app. Shown once. */
  readonly secret: string
  /** The same as an `otpauth://` URI, to show as a QR code. */
  readonly uri: string
}

export interface ConfirmSecondFactorOutput {
  /** Each replaces one code of the authenticator app. Shown once: keep them outside of this device. */
  readonly recoveryCodes: readonly string[]
}

export interface ReplaceRecoveryCodesOutput {
  /** Each replaces one code of the authenticator app. Shown once: keep them outside of this device. */
  readonly recoveryCodes: readonly string[]
}

export interface CreatePortalKeyOutput {
  /** The key. */
  readonly key: ListedPortalKey
  /** The token, which is shown only once. */
  readonly token: string
}

export interface DeletePortalKeyOutput {
  /** Proof that the change is in force, or which gateways have not applied it yet. */
  readonly receipt: Receipt
}

export interface RollPortalKeyOutput {
  /** The key. */
  readonly key: ListedPortalKey
  /** The token; that of a secret key is shown only once. Left out with `handOver`. */
  readonly token?: string | undefined
  /** The link that shows the token, if the request asked for one. */
  readonly handOver?:
    | {
        /** The id of the hand-over. */
        readonly id: string
        /** Shows the token once. Shown here only once; send it to the person who needs it. */
        readonly link: string
        /** Until when the link can be opened. */
        readonly expiresAt: string
      }
    | undefined
  /** Proof that the change is in force, or which gateways have not applied it yet. */
  readonly receipt: Receipt
}

export interface FinishPortalRollOutput {
  /** The key. */
  readonly key: ListedPortalKey
  /** Proof that the change is in force, or which gateways have not applied it yet. */
  readonly receipt: Receipt
}

export interface UndoPortalRollOutput {
  /** The key. */
  readonly key: ListedPortalKey
  /** Proof that the change is in force, or which gateways have not applied it yet. */
  readonly receipt: Receipt
}

export interface SignInOutput {
  /** The person who is signed in. */
  readonly member: {
    /** The id of the person, the same in every organization. */
    readonly id: string
    /** The e-mail address that the person signs in with. */
    readonly email: string
    /** The name of the person. */
    readonly name: string
  }
  /** What a page sends as `x-csrf-token` with a POST without a JSON body. Browsers that send `Origin` do not need it. */
  readonly csrfToken: string
}

export interface BeginProviderSignInOutput {
  /** Where the browser goes now: to the provider. It comes back with the cookie of this answer. */
  readonly url: string
}

export interface RequestPasswordResetOutput {
  /** What happens next, the same for known and unknown addresses. */
  readonly detail: string
}

export interface BeginPasskeySignInOutput {
  /** Send it back with the response of the authenticator, within 5 minutes. It works once. */
  readonly ticket: string
  /** For `PublicKeyCredential.parseRequestOptionsFromJSON`, then `navigator.credentials.get` (WebAuthn Level 3). */
  readonly options: {
    /** What the authenticator signs, in base64url. */
    readonly challenge: string
    /** How long the person has, in ms. */
    readonly timeout?: number | undefined
  }
}

export interface SignInWithPasskeyOutput {
  /** The person who is signed in. */
  readonly member: {
    /** The id of the person, the same in every organization. */
    readonly id: string
    /** The e-mail address that the person signs in with. */
    readonly email: string
    /** The name of the person. */
    readonly name: string
  }
  /** What a page sends as `x-csrf-token` with a POST without a JSON body. Browsers that send `Origin` do not need it. */
  readonly csrfToken: string
}

export interface AcceptInvitationOutput {
  /** The organization that the person is a member of now. */
  readonly organization: {
    /** The slug of the organization. */
    readonly slug: string
    /** The name of the organization. */
    readonly name: string
  }
  /** The person who is signed in. */
  readonly member: {
    /** The id of the person, the same in every organization. */
    readonly id: string
    /** The e-mail address that the person signs in with. */
    readonly email: string
    /** The name of the person. */
    readonly name: string
  }
  /** The roles of the person there. */
  readonly roles: readonly string[]
}

export interface OpenHandOverOutput {
  /** The organization of the key. */
  readonly organization: {
    /** The slug of the organization. */
    readonly slug: string
    /** The name of the organization. */
    readonly name: string
  }
  /** The key. */
  readonly key: {
    /** The id of the key. It is not secret. */
    readonly id: string
    /** The name for people to read. */
    readonly name: string
    /** The only environment in which it works; null for all. */
    readonly environment: string | null
    /** When the key expires; null for never. */
    readonly expiresAt: string | null
  }
  /** The nonce of the ciphertext: 12 bytes in base64url. */
  readonly nonce: string
  /** The token, encrypted with AES-256-GCM, with the tag at the end, in base64url. The key is derived like the proof, with the info `sallyport hand-over key`; the additional data is the id of the hand-over. */
  readonly ciphertext: string
}

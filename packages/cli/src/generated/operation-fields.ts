// Generated from openapi/openapi.json by `npm run sdk`. Change the document instead.

import type { OperationFields } from '../operations/operation-fields.ts'

/** The fields of each operation of the management API. */
export const OPERATION_FIELDS = {
  getHealth: {
    summary: 'Report that the process is alive',
    description:
      'Answers with 200 while the process runs. Use it as a liveness check. Both ports have it, and it needs no key.',
    path: [],
    query: [],
    body: [],
    answer: 'json',
  },
  getReadiness: {
    summary: 'Report whether the server can answer requests',
    description:
      'Answers with 200 while this port can answer requests, and otherwise with 503 and the reason: on the management port, whether the database answers; on the gateway, whether its snapshot is loaded and current. Use it as a readiness check. Both ports have it, and it needs no key. On the management port, the answer to a `Host` that is not allowed has no `revision` and no `snapshotAgeSeconds`.',
    path: [],
    query: [],
    body: [],
    answer: 'json',
  },
  getSetup: {
    summary: 'Tell whether set-up is over',
    description:
      'Answers whether an organization exists. It needs no key. Until then, `POST /v1/setup` creates the first one.',
    path: [],
    query: [],
    body: [],
    answer: 'json',
  },
  setUp: {
    summary: 'Create the first organization and its owner key',
    description:
      'Creates the first organization, its owner key `Owner`, whose `token` is shown only once, and the public key `Default API Key`. With `owner` it also creates a person who signs in and owns the organization. Instead of a key, send the set-up token: the setting `SALLYPORT_SETUP_TOKEN`, or the token that the server printed when it started. Once there is an organization, the answer is 409 `already_set_up`.',
    path: [],
    query: [],
    body: [
      {
        name: 'setupToken',
        kind: 'text',
        description:
          'The setting `SALLYPORT_SETUP_TOKEN`, or the token that the server printed at its start.',
        isRequired: true,
      },
      { name: 'organization', kind: 'json', description: 'The first organization.', isRequired: true },
      {
        name: 'owner',
        kind: 'json',
        description: 'The person who owns the organization. They sign in with `POST /v1/auth/sign-in`.',
        isNullable: true,
      },
    ],
    answer: 'json',
  },
  whoami: {
    summary: 'Describe the key of this request and its permissions',
    description:
      'Answers with the organization, the name and the permissions of the key that you send. Any valid key may ask, including a public one. Use it to check a key before you store it.',
    path: [],
    query: [],
    body: [],
    answer: 'json',
  },
  createResetLink: {
    summary: 'Create a link for a member to set a new password',
    description:
      'Creates a link, for you to hand over, with which a member sets a new password within 24 hours. It replaces earlier links, and the person is told by mail. A link would let you act as the person, so you need all rights of the person, in every organization of the person: otherwise 403 `permission_missing`. A signed-in person confirms with `POST /v1/session/step-up` first.\n\nRequires `members.write`.',
    path: [{ name: 'member', description: 'The id of the person.' }],
    ofOrganization: true,
    query: [],
    body: [],
    answer: 'json',
  },
  listOrganizations: {
    summary: 'List the organizations that you may read',
    description:
      "Lists the key's own organization. An owner key of the first organization gets every organization on the server.\n\nRequires `organization.read`.",
    path: [],
    query: [{ name: 'limit', kind: 'integer', description: 'The most items in the response.' }],
    body: [],
    answer: 'list',
  },
  createOrganization: {
    summary: 'Create an organization and its owner key',
    description:
      'Creates an organization with the environments `test` and `prod`, a project `default`, an owner key `Owner` and a public key `Default API Key`. The `token` of the owner key is shown only once. A signed-in person may do this, who becomes its owner, and an owner key of the first organization. A slug that is taken gets 409 `conflict`; a person who has created as many as one person can, 20 unless the operator sets another number, gets 403 `quota_exceeded`.\n\nRequires `organization.write`.',
    path: [],
    query: [],
    body: [
      {
        name: 'slug',
        kind: 'text',
        description: 'The name of the organization in URLs. It never changes.',
        isRequired: true,
      },
      {
        name: 'name',
        kind: 'text',
        description: 'The name for people to read. Spaces at its ends are removed.',
        isRequired: true,
      },
    ],
    answer: 'json',
  },
  getOrganization: {
    summary: 'Read an organization',
    description:
      "Answers with one organization: the key's own, or any other if the key is an owner key of the first organization.\n\nRequires `organization.read`.",
    path: [],
    ofOrganization: true,
    query: [],
    body: [],
    answer: 'json',
  },
  updateOrganization: {
    summary: 'Update an organization',
    description:
      'Changes the display name of an organization, its colour on the portal page of its consumers, what happens when the secret of one of its keys is found in public, and which events its owners get by mail; each owner is told by mail of another choice. Omitted fields keep their values. The slug never changes.\n\nRequires `organization.write`.',
    path: [],
    ofOrganization: true,
    query: [
      {
        name: 'wait',
        kind: 'integer',
        description: 'How many seconds to wait until every gateway has applied the change.',
      },
    ],
    body: [
      {
        name: 'name',
        kind: 'text',
        description: 'The name for people to read. Spaces at its ends are removed.',
      },
      {
        name: 'color',
        kind: 'text',
        description: 'The colour of the organization on the portal page of its consumers; null for none.',
        isNullable: true,
        choices: ['blue', 'violet', 'pink', 'red', 'orange', 'green', 'teal'],
      },
      {
        name: 'onLeak',
        kind: 'text',
        description:
          'What happens when the secret of a key is found in public: its owners are told, or the key is switched off too.',
        isNullable: true,
        choices: ['notify', 'switch-off'],
      },
      {
        name: 'ownerMails',
        kind: 'texts',
        description:
          'The types of events that the owners who are people get by mail, if the server sends mails. Their order does not matter.',
        isNullable: true,
        choices: [
          'key.created',
          'key.rolled',
          'key.rotation_failed',
          'key.expiring',
          'key.expired',
          'key.old_secret_still_used',
          'key.leaked',
          'key.deleted',
          'external_key.added',
          'external_key.changed',
          'external_key.removed',
          'policy.changed',
          'deployment.created',
          'deployment.refused',
          'deployment.ended',
          'probe.alarm',
          'member.added',
          'member.removed',
        ],
      },
    ],
    answer: 'json',
  },
  getQuotas: {
    summary: 'Read the quotas of an organization and how much of each is used',
    description:
      'Answers with the limits of the organization and how much of each is used. `versionBytes` is the size of all versions of its pipelines, in bytes. Deleted keys and ended deployments do not count. The operator sets the limits.\n\nRequires `organization.read`.',
    path: [],
    ofOrganization: true,
    query: [],
    body: [],
    answer: 'json',
  },
  listEnvironments: {
    summary: 'List the environments in promotion order',
    description:
      'Lists the environments in the order of promotion: the first one has `position` 0.\n\nRequires `organization.read`.',
    path: [],
    ofOrganization: true,
    query: [{ name: 'limit', kind: 'integer', description: 'The most items in the response.' }],
    body: [],
    answer: 'list',
  },
  createEnvironment: {
    summary: 'Create an environment',
    description:
      'Creates an environment with its own signing key and a policy that requires nothing yet. Without `position` it comes last in the order of promotion. A name that is taken gets 409 `conflict`.\n\nRequires `organization.write`.',
    path: [],
    ofOrganization: true,
    query: [],
    body: [
      {
        name: 'name',
        kind: 'text',
        description: 'The name, unique within the organization.',
        isRequired: true,
      },
      {
        name: 'position',
        kind: 'integer',
        description: 'The index in promotion order; 0 is the first environment.',
        isNullable: true,
      },
      {
        name: 'requiresPrevious',
        kind: 'boolean',
        description:
          'Whether a version can go live here only if it is live in the environment before this one. It has no effect on the first environment, and none on a rollback.',
        isNullable: true,
      },
      {
        name: 'whenStale',
        kind: 'text',
        description:
          'What a gateway without a database does with calls once it is cut off and its lease is over: `serve` decides on by what it knows and reports its age, `refuse` answers 503 `snapshot_stale`. A gateway that uses the database refuses in either case.',
        isNullable: true,
        choices: ['serve', 'refuse'],
      },
    ],
    answer: 'json',
  },
  getEnvironment: {
    summary: 'Read an environment',
    description:
      'Returns an environment with its place in the order of promotion.\n\nRequires `organization.read`.',
    path: [{ name: 'environment', description: 'The name of the environment.' }],
    ofOrganization: true,
    query: [],
    body: [],
    answer: 'json',
  },
  updateEnvironment: {
    summary: 'Change an environment',
    description:
      'Changes what is in the body. `position` moves the environment in the order of promotion; the others move up or down to make room, so it needs `organization.write` for the whole organization. With `requiresPrevious`, a version can go live here only if it is live in the environment before this one; what is live stays live. `whenStale` says what gateways without a database do with calls once they are cut off.\n\nRequires `organization.write`.',
    path: [{ name: 'environment', description: 'The name of the environment.' }],
    ofOrganization: true,
    query: [
      {
        name: 'wait',
        kind: 'integer',
        description: 'How many seconds to wait until every gateway has applied the change.',
      },
    ],
    body: [
      {
        name: 'position',
        kind: 'integer',
        description: 'The index in promotion order; 0 is the first environment.',
        isNullable: true,
      },
      {
        name: 'requiresPrevious',
        kind: 'boolean',
        description:
          'Whether a version can go live here only if it is live in the environment before this one. It has no effect on the first environment, and none on a rollback.',
        isNullable: true,
      },
      {
        name: 'whenStale',
        kind: 'text',
        description:
          'What a gateway without a database does with calls once it is cut off and its lease is over: `serve` decides on by what it knows and reports its age, `refuse` answers 503 `snapshot_stale`. A gateway that uses the database refuses in either case.',
        isNullable: true,
        choices: ['serve', 'refuse'],
      },
    ],
    answer: 'json',
  },
  removeEnvironment: {
    summary: 'Remove an unused environment',
    description:
      'Removes an environment with its policy, signing keys, trusted issuers, secrets and past deployments. While it has live deployments, consumers or keys, the answer is 409 `conflict`.\n\nRequires `organization.write`.',
    path: [{ name: 'environment', description: 'The name of the environment.' }],
    ofOrganization: true,
    query: [
      {
        name: 'wait',
        kind: 'integer',
        description: 'How many seconds to wait until every gateway has applied the change.',
      },
    ],
    body: [],
    answer: 'json',
  },
  getPolicy: {
    summary: 'Read the policy of an environment',
    description:
      'Answers with the authentication that every deployment in the environment must require, and with the number of live deployments that conform. `mode` is `any`, `api-key`, `jwt` or `jwt-and-api-key`.\n\nRequires `policies.read`.',
    path: [{ name: 'environment', description: 'The name of the environment.' }],
    ofOrganization: true,
    query: [],
    body: [],
    answer: 'json',
  },
  setPolicy: {
    summary: 'Change the policy of an environment, or check the effect',
    description:
      'Sets the authentication that every deployment in the environment must require. `affected` lists the live deployments that do not conform. They go on serving, because only the next deployment has to meet the policy. With `dryRun` the answer is the same and nothing changes.\n\nRequires `policies.write`.',
    path: [{ name: 'environment', description: 'The name of the environment.' }],
    ofOrganization: true,
    query: [
      {
        name: 'wait',
        kind: 'integer',
        description: 'How many seconds to wait until every gateway has applied the change.',
      },
    ],
    body: [
      {
        name: 'mode',
        kind: 'text',
        description: 'Which credentials each pipeline in the environment must require.',
        isRequired: true,
        choices: ['any', 'api-key', 'jwt', 'jwt-and-api-key'],
      },
      {
        name: 'dryRun',
        kind: 'boolean',
        description: 'Report the affected deployments without changing the policy.',
        isNullable: true,
      },
    ],
    answer: 'json',
  },
  listPolicyVersions: {
    summary: 'List the versions of the policy of an environment',
    description:
      'Lists every version of the policy with its author and its time, newest first.\n\nRequires `policies.read`.',
    path: [{ name: 'environment', description: 'The name of the environment.' }],
    ofOrganization: true,
    query: [{ name: 'limit', kind: 'integer', description: 'The most items in the response.' }],
    body: [],
    answer: 'list',
  },
  getConformity: {
    summary: 'List how each live deployment conforms to the policy',
    description:
      'Lists the live deployments of the environment and whether each conforms to the current policy. Each violation says what is required, what was found and how to fix it.\n\nRequires `policies.read`.',
    path: [{ name: 'environment', description: 'The name of the environment.' }],
    ofOrganization: true,
    query: [{ name: 'limit', kind: 'integer', description: 'The most items in the response.' }],
    body: [],
    answer: 'list',
  },
  getKeyAge: {
    summary: "Read the policy about the age of an environment's keys",
    description:
      'Answers with the policy about the age of the keys of an environment. As long as it was never set, it has no reminder and no maximum, and `version` is 0.\n\nRequires `policies.read`.',
    path: [{ name: 'environment', description: 'The name of the environment.' }],
    ofOrganization: true,
    query: [],
    body: [],
    answer: 'json',
  },
  setKeyAge: {
    summary: "Change the policy about the age of an environment's keys, or check the effect",
    description:
      'Sets after how many days a secret of a key of the environment should be rolled, and for how many days it works. Gateways follow a new maximum at once: they refuse a secret that is older. `affected` lists the keys that it ends earlier than before, if you may read keys. With `dryRun` the answer is the same and nothing changes.\n\nRequires `policies.write`.',
    path: [{ name: 'environment', description: 'The name of the environment.' }],
    ofOrganization: true,
    query: [
      {
        name: 'wait',
        kind: 'integer',
        description: 'How many seconds to wait until every gateway has applied the change.',
      },
    ],
    body: [
      {
        name: 'rotationReminderDays',
        kind: 'integer',
        description: 'After how many days a secret is `due` to be rolled; null for no reminder.',
        isRequired: true,
        isNullable: true,
        choices: ['90', '180'],
      },
      {
        name: 'maxLifetimeDays',
        kind: 'integer',
        description: 'For how many days after its creation a secret works; null for no limit.',
        isRequired: true,
        isNullable: true,
      },
      {
        name: 'dryRun',
        kind: 'boolean',
        description: 'Report the affected keys without changing the policy.',
        isNullable: true,
      },
    ],
    answer: 'json',
  },
  getOrganizationKeyAge: {
    summary: 'Read the policy about the age of keys without an environment',
    description:
      'Answers with the same policy for the keys of the organization that have no environment.\n\nRequires `policies.read`.',
    path: [],
    ofOrganization: true,
    query: [],
    body: [],
    answer: 'json',
  },
  setOrganizationKeyAge: {
    summary: 'Change the policy about the age of keys without an environment, or check the effect',
    description:
      'Sets the same policy for the keys of the organization that have no environment. A maximum that would end every key with the role `owner` at once gets 409 `conflict` if no member is an owner.\n\nRequires `policies.write`.',
    path: [],
    ofOrganization: true,
    query: [
      {
        name: 'wait',
        kind: 'integer',
        description: 'How many seconds to wait until every gateway has applied the change.',
      },
    ],
    body: [
      {
        name: 'rotationReminderDays',
        kind: 'integer',
        description: 'After how many days a secret is `due` to be rolled; null for no reminder.',
        isRequired: true,
        isNullable: true,
        choices: ['90', '180'],
      },
      {
        name: 'maxLifetimeDays',
        kind: 'integer',
        description: 'For how many days after its creation a secret works; null for no limit.',
        isRequired: true,
        isNullable: true,
      },
      {
        name: 'dryRun',
        kind: 'boolean',
        description: 'Report the affected keys without changing the policy.',
        isNullable: true,
      },
    ],
    answer: 'json',
  },
  listProjects: {
    summary: 'List the projects',
    description:
      'Lists the projects. Every organization has the project `default`.\n\nRequires `pipelines.read`.',
    path: [],
    ofOrganization: true,
    query: [{ name: 'limit', kind: 'integer', description: 'The most items in the response.' }],
    body: [],
    answer: 'list',
  },
  createProject: {
    summary: 'Create a project',
    description:
      'Creates an empty project. A name that is taken gets 409 `conflict`.\n\nRequires `pipelines.write`.',
    path: [],
    ofOrganization: true,
    query: [],
    body: [
      {
        name: 'name',
        kind: 'text',
        description: 'The name, unique within the organization.',
        isRequired: true,
      },
      { name: 'description', kind: 'text', description: 'A text for people to read.', isNullable: true },
    ],
    answer: 'json',
  },
  getProject: {
    summary: 'Read a project',
    description: 'Answers with one project.\n\nRequires `pipelines.read`.',
    path: [{ name: 'project', description: 'The name of the project.' }],
    ofOrganization: true,
    query: [],
    body: [],
    answer: 'json',
  },
  describeProject: {
    summary: 'Change the description of a project',
    description:
      'Changes the description of a project. Its name never changes.\n\nRequires `pipelines.write`.',
    path: [{ name: 'project', description: 'The name of the project.' }],
    ofOrganization: true,
    query: [
      {
        name: 'wait',
        kind: 'integer',
        description: 'How many seconds to wait until every gateway has applied the change.',
      },
    ],
    body: [
      {
        name: 'description',
        kind: 'text',
        description: 'A text for people to read.',
        isRequired: true,
        isNullable: true,
      },
    ],
    answer: 'json',
  },
  removeProject: {
    summary: 'Remove an empty project',
    description:
      'Removes a project without pipelines, also from the consumers that have it. A project that still has pipelines, and the project `default`, get 409 `conflict`.\n\nRequires `pipelines.write`.',
    path: [{ name: 'project', description: 'The name of the project.' }],
    ofOrganization: true,
    query: [
      {
        name: 'wait',
        kind: 'integer',
        description: 'How many seconds to wait until every gateway has applied the change.',
      },
    ],
    body: [],
    answer: 'json',
  },
  listPipelines: {
    summary: 'List the pipelines',
    description: 'Lists the pipelines, or those of one `project`.\n\nRequires `pipelines.read`.',
    path: [],
    ofOrganization: true,
    query: [
      { name: 'limit', kind: 'integer', description: 'The most items in the response.' },
      { name: 'project', kind: 'text', description: 'Only pipelines of this project.' },
    ],
    body: [],
    answer: 'list',
  },
  createPipeline: {
    summary: 'Create a pipeline with its version 1.0',
    description:
      'Creates a pipeline and saves its spec as version 1.0. Nothing is live until you deploy the version. A spec with mistakes gets 400 `invalid_request`, which lists all of them. A name that is taken gets 409 `conflict`.\n\nRequires `pipelines.write`.',
    path: [],
    ofOrganization: true,
    query: [],
    body: [
      {
        name: 'name',
        kind: 'text',
        description: 'The name, unique within the organization.',
        isRequired: true,
      },
      {
        name: 'project',
        kind: 'text',
        description: 'The name of its project. Default: `default`.',
        isNullable: true,
      },
      {
        name: 'spec',
        kind: 'json',
        description: 'When the pipeline starts, who may call it, and what it does.',
        isRequired: true,
      },
    ],
    answer: 'json',
  },
  getPipeline: {
    summary: 'Read a pipeline with its newest version',
    description: 'Answers with a pipeline and the spec of its newest version.\n\nRequires `pipelines.read`.',
    path: [{ name: 'pipeline', description: 'The name of the pipeline.' }],
    ofOrganization: true,
    query: [],
    body: [],
    answer: 'json',
  },
  removePipeline: {
    summary: 'Remove a pipeline without live deployments',
    description:
      'Removes a pipeline with all its versions and its associations with consumers. Its ended deployments stay in the history. While any version of it is deployed, the answer is 409 `conflict`.\n\nRequires `pipelines.write`.',
    path: [{ name: 'pipeline', description: 'The name of the pipeline.' }],
    ofOrganization: true,
    query: [
      {
        name: 'wait',
        kind: 'integer',
        description: 'How many seconds to wait until every gateway has applied the change.',
      },
    ],
    body: [],
    answer: 'json',
  },
  listVersions: {
    summary: 'List the versions of a pipeline',
    description: 'Lists the versions of a pipeline with their specs.\n\nRequires `pipelines.read`.',
    path: [{ name: 'pipeline', description: 'The name of the pipeline.' }],
    ofOrganization: true,
    query: [{ name: 'limit', kind: 'integer', description: 'The most items in the response.' }],
    body: [],
    answer: 'list',
  },
  createVersion: {
    summary: 'Save a new version of a pipeline',
    description:
      'Saves the spec as the next version: the next minor, such as 1.1, or with `bump: "major"` the next major, such as 2.0. Name in `base` the version that you have changed: if another version was saved since, the answer is 409 `conflict`, and nothing is lost. Live deployments do not change until you deploy the version. A spec with mistakes gets 400 `invalid_request`, which lists all of them.\n\nRequires `pipelines.write`.',
    path: [{ name: 'pipeline', description: 'The name of the pipeline.' }],
    ofOrganization: true,
    query: [],
    body: [
      {
        name: 'spec',
        kind: 'json',
        description: 'When the pipeline starts, who may call it, and what it does.',
        isRequired: true,
      },
      {
        name: 'bump',
        kind: 'text',
        description: 'Which number of the version grows: `1.0` becomes `1.1` or `2.0`.',
        isNullable: true,
        choices: ['minor', 'major'],
      },
      {
        name: 'base',
        kind: 'text',
        description:
          'The version that the spec is a change of. If another one is the latest by now, nothing is saved: 409 `conflict`.',
        isNullable: true,
      },
      {
        name: 'comment',
        kind: 'text',
        description: 'What has changed and why, for people to read.',
        isNullable: true,
      },
    ],
    answer: 'json',
  },
  getVersion: {
    summary: 'Read a version of a pipeline',
    description:
      'Answers with one version of a pipeline: its spec as it was saved.\n\nRequires `pipelines.read`.',
    path: [
      { name: 'pipeline', description: 'The name of the pipeline.' },
      { name: 'version', description: 'The version, such as `1.0`.' },
    ],
    ofOrganization: true,
    query: [],
    body: [],
    answer: 'json',
  },
  listScheduleRuns: {
    summary: 'List the runs of a scheduled pipeline',
    description:
      'Lists the runs of a pipeline with a schedule in one environment. `outcome` is `succeeded`, or the code of the problem that ended the run. `missed` (no gateway could start it in time) and `skipped` (the run before went on) did not run; `replaced` (by the next run) and `interrupted` (its process stopped) were ended early.\n\nRequires `pipelines.read`.',
    path: [{ name: 'pipeline', description: 'The name of the pipeline.' }],
    ofOrganization: true,
    query: [
      { name: 'limit', kind: 'integer', description: 'The most items in the response.' },
      { name: 'environment', kind: 'text', description: 'The name of the environment.', isRequired: true },
    ],
    body: [],
    answer: 'list',
  },
  evaluateExpressions: {
    summary: 'Try expressions on a sample message',
    description:
      'Evaluates expressions over a sample message, as one step of a deployed pipeline would, without storing or recording anything. The answer is 200 also if an expression fails: `failure` then has the place and the reason that `step_failed` would have. An expression that is not valid gets 400 `invalid_request`. An organization can call this 120 times a minute.\n\nRequires `pipelines.write`.',
    path: [],
    ofOrganization: true,
    query: [],
    body: [
      {
        name: 'expressions',
        kind: 'texts',
        description: 'JSONata expressions, which share the time and the size that one step has.',
        isRequired: true,
      },
      {
        name: 'message',
        kind: 'json',
        description: 'The message that the expressions read.',
        isNullable: true,
      },
    ],
    answer: 'json',
  },
  listDeployments: {
    summary: 'List live or ended deployments',
    description:
      'Lists the live deployments, of one `environment` or one `pipeline` if you say so. Use `state=all` for the history, which includes ended deployments of removed pipelines. You see those if your permission is not limited to a project or pipeline.\n\nRequires `pipelines.read`.',
    path: [],
    ofOrganization: true,
    query: [
      { name: 'limit', kind: 'integer', description: 'The most items in the response.' },
      {
        name: 'state',
        kind: 'text',
        description: 'Only deployments that are live, or have ended.',
        choices: ['live', 'ended', 'all'],
      },
      { name: 'environment', kind: 'text', description: 'Only deployments in this environment.' },
      {
        name: 'pipeline',
        kind: 'text',
        description: 'Only deployments of this pipeline, and of removed pipelines of this name.',
      },
    ],
    body: [],
    answer: 'list',
  },
  deploy: {
    summary: 'Deploy a version, or check whether it may be deployed',
    description:
      'Makes a version live in an environment and answers with its `url`. It replaces the live deployment of the same pipeline and major version. A version that does not pass the gate gets 422 `deployment_refused`, and `violations` lists every reason with its fix. With `dryRun` the version only passes the gate: the answer is 200 and nothing changes.\n\nRequires `pipelines.deploy`.',
    path: [],
    ofOrganization: true,
    query: [
      {
        name: 'wait',
        kind: 'integer',
        description: 'How many seconds to wait until every gateway has applied the change.',
      },
    ],
    body: [
      { name: 'pipeline', kind: 'text', description: 'The name of the pipeline.', isRequired: true },
      {
        name: 'version',
        kind: 'text',
        description: 'The version to deploy, such as `1.0`.',
        isRequired: true,
      },
      { name: 'environment', kind: 'text', description: 'The name of the environment.', isRequired: true },
      { name: 'dryRun', kind: 'boolean', description: 'Check the gate without deploying.', isNullable: true },
    ],
    answer: 'json',
  },
  getDeployment: {
    summary: 'Read a deployment with its probe results',
    description:
      'Answers with a deployment and its probe: for each route, the answer that a caller without credentials got just after the deployment. `alarm` is true if a route let that caller in although the pipeline requires authentication.\n\nRequires `pipelines.read`.',
    path: [{ name: 'deployment', description: 'The id of the deployment.' }],
    ofOrganization: true,
    query: [],
    body: [],
    answer: 'json',
  },
  undeploy: {
    summary: 'Remove a live deployment',
    description:
      'Ends a live deployment. Once the receipt is confirmed, its callers get 404 `route_not_found`. The deployment stays in the history. One that has ended already gets 404 `not_found`.\n\nRequires `pipelines.deploy`.',
    path: [{ name: 'deployment', description: 'The id of the deployment.' }],
    ofOrganization: true,
    query: [
      {
        name: 'wait',
        kind: 'integer',
        description: 'How many seconds to wait until every gateway has applied the change.',
      },
    ],
    body: [],
    answer: 'json',
  },
  promote: {
    summary: 'Deploy the same version in another environment',
    description:
      'Deploys the version of a live deployment in another environment, through the gate of that environment. A deployment that has ended gets 409 `conflict`, and a version that does not pass the gate 422 `deployment_refused`. Needs the second permission in the target environment.\n\nRequires `pipelines.read` and `pipelines.deploy`.',
    path: [{ name: 'deployment', description: 'The id of the deployment.' }],
    ofOrganization: true,
    query: [
      {
        name: 'wait',
        kind: 'integer',
        description: 'How many seconds to wait until every gateway has applied the change.',
      },
    ],
    body: [
      {
        name: 'environment',
        kind: 'text',
        description: 'The name of the environment to deploy to.',
        isRequired: true,
      },
      { name: 'dryRun', kind: 'boolean', description: 'Check the gate without deploying.', isNullable: true },
    ],
    answer: 'json',
  },
  rollback: {
    summary: 'Deploy the version that was live before',
    description:
      'Deploys the version that was live before this deployment, in the same environment. The rollback is a deployment too, so you can roll it back. A deployment that has ended, or that no other version preceded, gets 409 `conflict`.\n\nRequires `pipelines.deploy`.',
    path: [{ name: 'deployment', description: 'The id of the deployment.' }],
    ofOrganization: true,
    query: [
      {
        name: 'wait',
        kind: 'integer',
        description: 'How many seconds to wait until every gateway has applied the change.',
      },
    ],
    body: [
      { name: 'dryRun', kind: 'boolean', description: 'Check the gate without deploying.', isNullable: true },
    ],
    answer: 'json',
  },
  redeploy: {
    summary: 'Deploy the same version again in the same environment',
    description:
      'Deploys the version of a deployment again in the same environment, live or ended. It passes the gate as it is today, so it can get 422 `deployment_refused`. A deployment of a removed pipeline gets 409 `conflict`.\n\nRequires `pipelines.deploy`.',
    path: [{ name: 'deployment', description: 'The id of the deployment.' }],
    ofOrganization: true,
    query: [
      {
        name: 'wait',
        kind: 'integer',
        description: 'How many seconds to wait until every gateway has applied the change.',
      },
    ],
    body: [
      { name: 'dryRun', kind: 'boolean', description: 'Check the gate without deploying.', isNullable: true },
    ],
    answer: 'json',
  },
  listSecrets: {
    summary: 'List the secrets of an environment, without their values',
    description: 'Lists the secrets of an environment without their values.\n\nRequires `secrets.read`.',
    path: [{ name: 'environment', description: 'The name of the environment.' }],
    ofOrganization: true,
    query: [{ name: 'limit', kind: 'integer', description: 'The most items in the response.' }],
    body: [],
    answer: 'list',
  },
  getSecret: {
    summary: 'Read a secret, without its value',
    description:
      'Answers with the name and the times of a secret. The API never returns its value.\n\nRequires `secrets.read`.',
    path: [
      { name: 'environment', description: 'The name of the environment.' },
      { name: 'name', description: 'The name of the secret: 1 to 64 of A-Z, 0-9 and "_", a letter first.' },
    ],
    ofOrganization: true,
    query: [],
    body: [],
    answer: 'json',
  },
  putSecret: {
    summary: 'Create a secret, or replace its value',
    description:
      'Creates a secret or replaces its value. Pipelines use it as `{secrets.NAME}` in URLs and headers. Gateways use a new value as soon as the receipt is confirmed.\n\nRequires `secrets.write`.',
    path: [
      { name: 'environment', description: 'The name of the environment.' },
      { name: 'name', description: 'The name of the secret: 1 to 64 of A-Z, 0-9 and "_", a letter first.' },
    ],
    ofOrganization: true,
    query: [
      {
        name: 'wait',
        kind: 'integer',
        description: 'How many seconds to wait until every gateway has applied the change.',
      },
    ],
    body: [{ name: 'value', kind: 'text', description: 'No response contains it.', isRequired: true }],
    answer: 'json',
  },
  removeSecret: {
    summary: 'Remove a secret that no live deployment uses',
    description:
      'Removes a secret. While a live deployment uses it, the answer is 409 `conflict`, and `usedBy` names the deployments.\n\nRequires `secrets.write`.',
    path: [
      { name: 'environment', description: 'The name of the environment.' },
      { name: 'name', description: 'The name of the secret: 1 to 64 of A-Z, 0-9 and "_", a letter first.' },
    ],
    ofOrganization: true,
    query: [
      {
        name: 'wait',
        kind: 'integer',
        description: 'How many seconds to wait until every gateway has applied the change.',
      },
    ],
    body: [],
    answer: 'json',
  },
  listVariables: {
    summary: 'List the variables of an environment',
    description: 'Lists the variables of an environment.\n\nRequires `variables.read`.',
    path: [{ name: 'environment', description: 'The name of the environment.' }],
    ofOrganization: true,
    query: [{ name: 'limit', kind: 'integer', description: 'The most items in the response.' }],
    body: [],
    answer: 'list',
  },
  getVariable: {
    summary: 'Read a variable',
    description: 'Answers with a variable and its value.\n\nRequires `variables.read`.',
    path: [
      { name: 'environment', description: 'The name of the environment.' },
      { name: 'name', description: 'The name of the variable: 1 to 64 of A-Z, 0-9 and "_", a letter first.' },
    ],
    ofOrganization: true,
    query: [],
    body: [],
    answer: 'json',
  },
  putVariable: {
    summary: 'Create a variable, or replace its value',
    description:
      'Creates a variable or replaces its value. Pipelines use it as `{vars.NAME}` in URLs, also in the host, and in headers. Live deployments use a new value as soon as the receipt is confirmed. A value that a live deployment cannot use gets 409 `conflict`, and `usedBy` names the deployments.\n\nRequires `variables.write`.',
    path: [
      { name: 'environment', description: 'The name of the environment.' },
      { name: 'name', description: 'The name of the variable: 1 to 64 of A-Z, 0-9 and "_", a letter first.' },
    ],
    ofOrganization: true,
    query: [
      {
        name: 'wait',
        kind: 'integer',
        description: 'How many seconds to wait until every gateway has applied the change.',
      },
    ],
    body: [
      { name: 'value', kind: 'text', description: '1 to 4096 visible ASCII characters.', isRequired: true },
    ],
    answer: 'json',
  },
  removeVariable: {
    summary: 'Remove a variable that no live deployment uses',
    description:
      'Removes a variable. While a live deployment uses it, the answer is 409 `conflict`, and `usedBy` names the deployments.\n\nRequires `variables.write`.',
    path: [
      { name: 'environment', description: 'The name of the environment.' },
      { name: 'name', description: 'The name of the variable: 1 to 64 of A-Z, 0-9 and "_", a letter first.' },
    ],
    ofOrganization: true,
    query: [
      {
        name: 'wait',
        kind: 'integer',
        description: 'How many seconds to wait until every gateway has applied the change.',
      },
    ],
    body: [],
    answer: 'json',
  },
  listSigningKeys: {
    summary: 'List the signing keys of an environment',
    description:
      'Lists the keys that sign or verify the JWTs of an environment, the one that signs first. Private keys never leave the server.\n\nRequires `signing-keys.read`.',
    path: [{ name: 'environment', description: 'The name of the environment.' }],
    ofOrganization: true,
    query: [{ name: 'limit', kind: 'integer', description: 'The most items in the response.' }],
    body: [],
    answer: 'list',
  },
  rotateSigningKey: {
    summary: 'Rotate the signing key of an environment',
    description:
      'Creates the key that signs the JWTs of the environment from now on. The previous key goes on verifying for `overlapSeconds`, by default until the tokens that it signed have expired. Set it to 0 to invalidate them at once.\n\nRequires `signing-keys.write`.',
    path: [{ name: 'environment', description: 'The name of the environment.' }],
    ofOrganization: true,
    query: [
      {
        name: 'wait',
        kind: 'integer',
        description: 'How many seconds to wait until every gateway has applied the change.',
      },
    ],
    body: [
      {
        name: 'algorithm',
        kind: 'text',
        description: 'Default: EdDSA, which is Ed25519.',
        isNullable: true,
        choices: ['EdDSA', 'ES256', 'RS256', 'Ed25519'],
      },
      {
        name: 'overlapSeconds',
        kind: 'integer',
        description:
          'How long the previous key still verifies, in seconds; 0 invalidates its tokens at once. Default: until every token of a live deployment has expired, and at least an hour.',
        isNullable: true,
      },
    ],
    answer: 'json',
  },
  removeSigningKey: {
    summary: 'Remove a key that only verifies, and invalidate its tokens',
    description:
      'Removes a key that no longer signs, and invalidates every token that it signed. The key that signs gets 409 `conflict`: rotate it with `overlapSeconds` 0 instead.\n\nRequires `signing-keys.write`.',
    path: [
      { name: 'environment', description: 'The name of the environment.' },
      { name: 'signingKey', description: 'The id of the signing key, which is the `kid` of its JWTs.' },
    ],
    ofOrganization: true,
    query: [
      {
        name: 'wait',
        kind: 'integer',
        description: 'How many seconds to wait until every gateway has applied the change.',
      },
    ],
    body: [],
    answer: 'json',
  },
  listIssuers: {
    summary: 'List the trusted issuers of an environment',
    description: 'Lists the issuers whose JWTs the environment accepts.\n\nRequires `signing-keys.read`.',
    path: [{ name: 'environment', description: 'The name of the environment.' }],
    ofOrganization: true,
    query: [{ name: 'limit', kind: 'integer', description: 'The most items in the response.' }],
    body: [],
    answer: 'list',
  },
  createIssuer: {
    summary: 'Trust the JWTs of an issuer in an environment',
    description:
      'Makes the environment accept the JWTs of an issuer. Give either `jwksUrl`, where the issuer publishes its keys, or the keys themselves as `jwks`. A token must contain one of the values of `audience`. An issuer that the environment trusts already gets 409 `conflict`.\n\nRequires `signing-keys.write`.',
    path: [{ name: 'environment', description: 'The name of the environment.' }],
    ofOrganization: true,
    query: [],
    body: [
      {
        name: 'issuer',
        kind: 'text',
        description: 'The exact value of `iss` in its tokens.',
        isRequired: true,
      },
      {
        name: 'audience',
        kind: 'json',
        description: 'Each token must have one of them in `aud`.',
        isRequired: true,
      },
      {
        name: 'jwksUrl',
        kind: 'text',
        description: 'The https URL of its public keys. Send either this or `jwks`.',
        isNullable: true,
      },
      {
        name: 'jwks',
        kind: 'json',
        description: 'Its public keys as a JWK Set. Members that are not needed are not stored.',
        isNullable: true,
      },
    ],
    answer: 'json',
  },
  getIssuer: {
    summary: 'Read a trusted issuer',
    description:
      'Answers with one trusted issuer and its public keys, if they were given as `jwks`.\n\nRequires `signing-keys.read`.',
    path: [
      { name: 'environment', description: 'The name of the environment.' },
      { name: 'issuer', description: 'The id of the trusted issuer, not its `iss`.' },
    ],
    ofOrganization: true,
    query: [],
    body: [],
    answer: 'json',
  },
  removeIssuer: {
    summary: 'Stop trusting an issuer',
    description:
      'Makes the environment reject the JWTs of an issuer. They stop working as soon as the receipt is confirmed.\n\nRequires `signing-keys.write`.',
    path: [
      { name: 'environment', description: 'The name of the environment.' },
      { name: 'issuer', description: 'The id of the trusted issuer, not its `iss`.' },
    ],
    ofOrganization: true,
    query: [
      {
        name: 'wait',
        kind: 'integer',
        description: 'How many seconds to wait until every gateway has applied the change.',
      },
    ],
    body: [],
    answer: 'json',
  },
  listPlans: {
    summary: 'List the plans of an environment',
    description: 'Lists the plans of an environment.\n\nRequires `consumers.read`.',
    path: [{ name: 'environment', description: 'The name of the environment.' }],
    ofOrganization: true,
    query: [{ name: 'limit', kind: 'integer', description: 'The most items in the response.' }],
    body: [],
    answer: 'list',
  },
  createPlan: {
    summary: 'Create a plan that consumers can have',
    description:
      'Creates a plan. Give it to consumers with their `plan`. Each consumer is counted on its own, over all pipelines of the environment or, with `scope: "pipeline"`, for each pipeline.\n\nRequires `consumers.write`.',
    path: [{ name: 'environment', description: 'The name of the environment.' }],
    ofOrganization: true,
    query: [],
    body: [
      {
        name: 'name',
        kind: 'text',
        description: 'The name, unique within the environment.',
        isRequired: true,
      },
      {
        name: 'title',
        kind: 'text',
        description: 'A name for people to read, in any script.',
        isNullable: true,
      },
      { name: 'description', kind: 'text', description: 'A text for people to read.', isNullable: true },
      {
        name: 'rateLimits',
        kind: 'json',
        description:
          'The rate limits of each consumer that has the plan; empty for none. At most one for each `per` and `scope`.',
        isNullable: true,
      },
    ],
    answer: 'json',
  },
  getPlan: {
    summary: 'Read a plan',
    description: 'Answers with one plan.\n\nRequires `consumers.read`.',
    path: [
      { name: 'environment', description: 'The name of the environment.' },
      { name: 'plan', description: 'The name of the plan.' },
    ],
    ofOrganization: true,
    query: [],
    body: [],
    answer: 'json',
  },
  updatePlan: {
    summary: 'Update a plan for all consumers that have it',
    description:
      'Changes the fields that you send. `rateLimits` replaces the whole list, which holds for all consumers of the plan as soon as the receipt is confirmed; what they have used stays used. A key with rate limits of its own cannot change those of a plan.\n\nRequires `consumers.write`.',
    path: [
      { name: 'environment', description: 'The name of the environment.' },
      { name: 'plan', description: 'The name of the plan.' },
    ],
    ofOrganization: true,
    query: [
      {
        name: 'wait',
        kind: 'integer',
        description: 'How many seconds to wait until every gateway has applied the change.',
      },
    ],
    body: [
      {
        name: 'title',
        kind: 'text',
        description: 'A name for people to read, in any script.',
        isNullable: true,
      },
      { name: 'description', kind: 'text', description: 'A text for people to read.', isNullable: true },
      {
        name: 'rateLimits',
        kind: 'json',
        description: 'All rate limits that the plan has afterwards. What was used under a limit stays used.',
        isNullable: true,
      },
    ],
    answer: 'json',
  },
  removePlan: {
    summary: 'Remove a plan that no consumer has',
    description:
      'Removes a plan. While a consumer has it, the answer is 409 `conflict`, and `usedBy` names the consumers that you may read, at most 50.\n\nRequires `consumers.write`.',
    path: [
      { name: 'environment', description: 'The name of the environment.' },
      { name: 'plan', description: 'The name of the plan.' },
    ],
    ofOrganization: true,
    query: [
      {
        name: 'wait',
        kind: 'integer',
        description: 'How many seconds to wait until every gateway has applied the change.',
      },
    ],
    body: [],
    answer: 'json',
  },
  listConsumers: {
    summary: 'List the consumers',
    description:
      'Lists the consumers, or those of one `environment` or with a `label`.\n\nRequires `consumers.read`.',
    path: [],
    ofOrganization: true,
    query: [
      { name: 'limit', kind: 'integer', description: 'The most items in the response.' },
      { name: 'environment', kind: 'text', description: 'Only consumers of this environment.' },
      {
        name: 'plan',
        kind: 'text',
        description: 'Only consumers that have the plan of this name. Needs `environment`.',
      },
      {
        name: 'label',
        kind: 'texts',
        description:
          'Only consumers with this label: `team:payments`, or `team` for any value. Repeat it to demand several.',
      },
    ],
    body: [],
    answer: 'list',
  },
  createConsumer: {
    summary: 'Create a consumer with its first key',
    description:
      'Creates a consumer with its first key, whose `token` is shown only once. The consumer may call the `pipelines` that you list, and every pipeline of the `projects`, also those that come later. `key` sets an expiry, address rules and rate limits of the first key; if your own key has such bounds, set some that are no wider. A name that is taken in the environment gets 409 `conflict`.\n\nRequires `consumers.write` and `keys.create`.',
    path: [],
    ofOrganization: true,
    query: [],
    body: [
      {
        name: 'name',
        kind: 'text',
        description: 'The name, unique within the environment in any case.',
        isRequired: true,
      },
      {
        name: 'title',
        kind: 'text',
        description: 'A name for people to read, in any script.',
        isNullable: true,
      },
      { name: 'description', kind: 'text', description: 'A text for people to read.', isNullable: true },
      { name: 'environment', kind: 'text', description: 'The name of its environment.', isRequired: true },
      {
        name: 'pipelines',
        kind: 'texts',
        description: 'The names of the pipelines that the consumer may call.',
        isNullable: true,
      },
      {
        name: 'projects',
        kind: 'texts',
        description:
          'The names of the projects of which the consumer may call every pipeline, also those that come later.',
        isNullable: true,
      },
      {
        name: 'labels',
        kind: 'map',
        description: 'The labels of the consumer, by name. Default: none.',
        isNullable: true,
      },
      {
        name: 'plan',
        kind: 'text',
        description: 'The name of its plan, one of its environment; null for none.',
        isNullable: true,
      },
      {
        name: 'key',
        kind: 'json',
        description: 'The expiry, address rules and rate limits of the first key. Default: none.',
        isNullable: true,
      },
    ],
    answer: 'json',
  },
  getConsumer: {
    summary: 'Read a consumer',
    description: 'Answers with one consumer.\n\nRequires `consumers.read`.',
    path: [{ name: 'consumer', description: 'The id of the consumer.' }],
    ofOrganization: true,
    query: [],
    body: [],
    answer: 'json',
  },
  updateConsumer: {
    summary: 'Update a consumer, or switch it off or on',
    description:
      'Changes the fields that you send. `pipelines` and `projects` replace the whole list, and `labels` all labels. `status: "inactive"` makes every gateway reject all keys of the consumer until you set it to `active` again.\n\nRequires `consumers.write`.',
    path: [{ name: 'consumer', description: 'The id of the consumer.' }],
    ofOrganization: true,
    query: [
      {
        name: 'wait',
        kind: 'integer',
        description: 'How many seconds to wait until every gateway has applied the change.',
      },
    ],
    body: [
      {
        name: 'title',
        kind: 'text',
        description: 'A name for people to read, in any script.',
        isNullable: true,
      },
      { name: 'description', kind: 'text', description: 'A text for people to read.', isNullable: true },
      {
        name: 'pipelines',
        kind: 'texts',
        description: 'The names of the pipelines that the consumer may call.',
        isNullable: true,
      },
      {
        name: 'projects',
        kind: 'texts',
        description:
          'The names of the projects of which the consumer may call every pipeline, also those that come later.',
        isNullable: true,
      },
      {
        name: 'labels',
        kind: 'map',
        description: 'All labels that the consumer has afterwards, by name.',
        isNullable: true,
      },
      {
        name: 'plan',
        kind: 'text',
        description: 'The name of its plan, one of its environment; null for none.',
        isNullable: true,
      },
      {
        name: 'status',
        kind: 'text',
        description: '`inactive` makes every gateway reject all credentials of the consumer.',
        isNullable: true,
        choices: ['active', 'inactive'],
      },
    ],
    answer: 'json',
  },
  removeConsumer: {
    summary: 'Remove a consumer with its keys and Basic credentials',
    description:
      'Removes a consumer with its Basic credentials, deletes its keys and ends its portal sessions. Its callers are rejected as soon as the receipt is confirmed. Needs the second permission only if the consumer has keys.\n\nRequires `consumers.write` and `keys.delete`.',
    path: [{ name: 'consumer', description: 'The id of the consumer.' }],
    ofOrganization: true,
    query: [
      {
        name: 'wait',
        kind: 'integer',
        description: 'How many seconds to wait until every gateway has applied the change.',
      },
    ],
    body: [],
    answer: 'json',
  },
  addConsumerPipeline: {
    summary: 'Let a consumer call one more pipeline',
    description:
      'Lets a consumer call one more pipeline. What another person adds or removes at the same time stays. If it may call the pipeline already, nothing changes.\n\nRequires `consumers.write` and `pipelines.read`.',
    path: [{ name: 'consumer', description: 'The id of the consumer.' }],
    ofOrganization: true,
    query: [
      {
        name: 'wait',
        kind: 'integer',
        description: 'How many seconds to wait until every gateway has applied the change.',
      },
    ],
    body: [{ name: 'pipeline', kind: 'text', description: 'The name of a pipeline.', isRequired: true }],
    answer: 'json',
  },
  removeConsumerPipeline: {
    summary: 'End that a consumer may call a pipeline',
    description:
      'Ends that a consumer may call a pipeline by an association of its own. If it has the project of the pipeline too, it may still call it. What another person adds or removes at the same time stays. If the pipeline is not among its `pipelines`, the answer is 404.\n\nRequires `consumers.write`.',
    path: [
      { name: 'consumer', description: 'The id of the consumer.' },
      { name: 'pipeline', description: 'The name of the pipeline.' },
    ],
    ofOrganization: true,
    query: [
      {
        name: 'wait',
        kind: 'integer',
        description: 'How many seconds to wait until every gateway has applied the change.',
      },
    ],
    body: [],
    answer: 'json',
  },
  addConsumerProject: {
    summary: 'Let a consumer call every pipeline of one more project',
    description:
      'Lets a consumer call every pipeline of one more project, also those that come later. What another person adds or removes at the same time stays. If it may do so already, nothing changes. The second permission must hold for the whole project.\n\nRequires `consumers.write` and `pipelines.read`.',
    path: [{ name: 'consumer', description: 'The id of the consumer.' }],
    ofOrganization: true,
    query: [
      {
        name: 'wait',
        kind: 'integer',
        description: 'How many seconds to wait until every gateway has applied the change.',
      },
    ],
    body: [{ name: 'project', kind: 'text', description: 'The name of a project.', isRequired: true }],
    answer: 'json',
  },
  removeConsumerProject: {
    summary: 'End that a consumer may call every pipeline of a project',
    description:
      'Ends that a consumer may call every pipeline of a project. Pipelines of the project that are among its own `pipelines` stay. What another person adds or removes at the same time stays. If the project is not among its `projects`, the answer is 404.\n\nRequires `consumers.write`.',
    path: [
      { name: 'consumer', description: 'The id of the consumer.' },
      { name: 'project', description: 'The name of the project.' },
    ],
    ofOrganization: true,
    query: [
      {
        name: 'wait',
        kind: 'integer',
        description: 'How many seconds to wait until every gateway has applied the change.',
      },
    ],
    body: [],
    answer: 'json',
  },
  listBasicCredentials: {
    summary: 'List the Basic credentials of a consumer',
    description:
      'Lists the usernames of a consumer. The API never returns their passwords.\n\nRequires `consumers.read`.',
    path: [{ name: 'consumer', description: 'The id of the consumer.' }],
    ofOrganization: true,
    query: [{ name: 'limit', kind: 'integer', description: 'The most items in the response.' }],
    body: [],
    answer: 'list',
  },
  createBasicCredential: {
    summary: 'Create a Basic credential for a consumer',
    description:
      'Creates a username with a generated password, for pipelines that require Basic authentication. The `password` in the answer is shown only once. A username that is taken in the environment gets 409 `conflict`.\n\nRequires `consumers.write`.',
    path: [{ name: 'consumer', description: 'The id of the consumer.' }],
    ofOrganization: true,
    query: [],
    body: [
      {
        name: 'username',
        kind: 'text',
        description: 'Unique within the environment of the consumer.',
        isRequired: true,
      },
    ],
    answer: 'json',
  },
  removeBasicCredential: {
    summary: 'Remove a Basic credential of a consumer',
    description:
      'Removes a username and its password. Gateways reject it as soon as the receipt is confirmed, and the username is free again.\n\nRequires `consumers.write`.',
    path: [
      { name: 'consumer', description: 'The id of the consumer.' },
      { name: 'username', description: 'The username of the Basic credential.' },
    ],
    ofOrganization: true,
    query: [
      {
        name: 'wait',
        kind: 'integer',
        description: 'How many seconds to wait until every gateway has applied the change.',
      },
    ],
    body: [],
    answer: 'json',
  },
  listRoles: {
    summary: 'List the built-in and custom roles',
    description: 'Lists the built-in roles, then the custom ones, each by name.\n\nRequires `roles.read`.',
    path: [],
    ofOrganization: true,
    query: [{ name: 'limit', kind: 'integer', description: 'The most items in the response.' }],
    body: [],
    answer: 'list',
  },
  createRole: {
    summary: 'Create a custom role',
    description:
      'Creates a role with 1 to 200 permissions, each of which an environment, a project or a pipeline can limit. You can only give permissions that you have yourself; others get 403 `permission_missing`. A name that is taken gets 409 `conflict`.\n\nRequires `roles.write`.',
    path: [],
    ofOrganization: true,
    query: [],
    body: [
      {
        name: 'name',
        kind: 'text',
        description: 'Its name, by which keys are given the role.',
        isRequired: true,
      },
      {
        name: 'permissions',
        kind: 'json',
        description: 'What the role permits, each in the whole organization unless a scope limits it.',
        isRequired: true,
      },
    ],
    answer: 'json',
  },
  getRole: {
    summary: 'Read a role and who has it',
    description:
      'Answers with a role and the keys and external keys that have it, of those that you may read.\n\nRequires `roles.read`.',
    path: [{ name: 'role', description: 'The name of the role.' }],
    ofOrganization: true,
    query: [],
    body: [],
    answer: 'json',
  },
  updateRole: {
    summary: 'Replace the permissions of a custom role',
    description:
      'Replaces the permissions of a custom role. Every key that has it has the new permissions from its next request, and gateways apply them as soon as the receipt is confirmed. You cannot add a permission that you lack, nor any to a role that you have yourself: 403 `permission_missing`. A built-in role gets 409 `conflict`.\n\nRequires `roles.write`.',
    path: [{ name: 'role', description: 'The name of the role.' }],
    ofOrganization: true,
    query: [
      {
        name: 'wait',
        kind: 'integer',
        description: 'How many seconds to wait until every gateway has applied the change.',
      },
    ],
    body: [
      {
        name: 'permissions',
        kind: 'json',
        description: 'What the role permits, each in the whole organization unless a scope limits it.',
        isRequired: true,
      },
    ],
    answer: 'json',
  },
  removeRole: {
    summary: 'Remove a custom role that no key has',
    description:
      'Removes a custom role. While a key that is not deleted, or an external key, has it, the answer is 409 `conflict`, and `usedBy` lists them. A built-in role gets 409 `conflict`.\n\nRequires `roles.write`.',
    path: [{ name: 'role', description: 'The name of the role.' }],
    ofOrganization: true,
    query: [
      {
        name: 'wait',
        kind: 'integer',
        description: 'How many seconds to wait until every gateway has applied the change.',
      },
    ],
    body: [],
    answer: 'json',
  },
  previewRoles: {
    summary: 'Show what a set of roles permits',
    description:
      'Answers with what a key with these roles may do: each permission once, without those that a wider one includes. It changes nothing.\n\nRequires `roles.read`.',
    path: [],
    ofOrganization: true,
    query: [],
    body: [
      {
        name: 'roles',
        kind: 'texts',
        description: 'The names of custom and built-in roles.',
        isRequired: true,
      },
    ],
    answer: 'json',
  },
  listMembers: {
    summary: 'List the members',
    description: 'Lists the members, oldest first.\n\nRequires `members.read`.',
    path: [],
    ofOrganization: true,
    query: [{ name: 'limit', kind: 'integer', description: 'The most items in the response.' }],
    body: [],
    answer: 'list',
  },
  getMember: {
    summary: 'Read a member',
    description: 'Answers with a member.\n\nRequires `members.read`.',
    path: [{ name: 'member', description: 'The id of the person.' }],
    ofOrganization: true,
    query: [],
    body: [],
    answer: 'json',
  },
  updateMember: {
    summary: 'Replace the roles of a member',
    description:
      'Replaces the roles of a member, which counts from the next request in every session. You need every permission that the member had and gets. The last owner must stay an owner: 409 `conflict`. A person who takes the role `owner` from a member must confirm first: 403 `step_up_required`.\n\nRequires `members.write`.',
    path: [{ name: 'member', description: 'The id of the person.' }],
    ofOrganization: true,
    query: [
      {
        name: 'wait',
        kind: 'integer',
        description: 'How many seconds to wait until every gateway has applied the change.',
      },
    ],
    body: [
      {
        name: 'roles',
        kind: 'texts',
        description:
          'The roles that the member has from now on. You can only give and take permissions that you have.',
        isRequired: true,
      },
    ],
    answer: 'json',
  },
  removeMember: {
    summary: 'Remove a member, or leave',
    description:
      'Removes a member, whose next request to the organization is refused, in open sessions too. Everybody may leave; to remove another member you need every permission that the member has. The last owner stays: 409 `conflict`. A person who removes an owner must confirm first: 403 `step_up_required`.\n\nRequires `members.write`.',
    path: [{ name: 'member', description: 'The id of the person.' }],
    ofOrganization: true,
    query: [
      {
        name: 'wait',
        kind: 'integer',
        description: 'How many seconds to wait until every gateway has applied the change.',
      },
    ],
    body: [],
    answer: 'json',
  },
  listInvitations: {
    summary: 'List the open invitations',
    description:
      'Lists the invitations that were neither accepted nor withdrawn, oldest first. One that has expired is listed for 30 more days.\n\nRequires `members.read`.',
    path: [],
    ofOrganization: true,
    query: [{ name: 'limit', kind: 'integer', description: 'The most items in the response.' }],
    body: [],
    answer: 'list',
  },
  createInvitation: {
    summary: 'Invite a person',
    description:
      'Invites a person by e-mail address. The `link` opens once, within 7 days, for this address only. You can only give roles whose permissions you have yourself, and the invitation works only as long as you have them.\n\nRequires `members.write`.',
    path: [],
    ofOrganization: true,
    query: [],
    body: [
      {
        name: 'email',
        kind: 'text',
        description: 'The address of the person to invite. Only this address can accept.',
        isRequired: true,
      },
      {
        name: 'roles',
        kind: 'texts',
        description: 'The roles of the new member. You can only give permissions that you have.',
        isRequired: true,
      },
    ],
    answer: 'json',
  },
  withdrawInvitation: {
    summary: 'Withdraw an invitation',
    description: 'Withdraws an invitation, whose link then no longer works.\n\nRequires `members.write`.',
    path: [{ name: 'invitation', description: 'The id of the invitation.' }],
    ofOrganization: true,
    query: [
      {
        name: 'wait',
        kind: 'integer',
        description: 'How many seconds to wait until every gateway has applied the change.',
      },
    ],
    body: [],
    answer: 'json',
  },
  listKeys: {
    summary: 'List, search and count the keys',
    description:
      'Lists the keys that match all filters that you send, in the order of `sort`. `total` counts them, and only those that you may read. A page can have fewer items than `limit`, or none, although another page follows: read on until `next` is null. An answer contains the `token` of a public key only.\n\nRequires `keys.read`.',
    path: [],
    ofOrganization: true,
    query: [
      { name: 'limit', kind: 'integer', description: 'The most items in the response.' },
      {
        name: 'search',
        kind: 'text',
        description:
          'Only keys where each word of this text begins a word of the name, the id, the value of a label, or the end of a `hint`. Capitals do not matter.',
      },
      { name: 'type', kind: 'text', description: 'Only keys of this type.', choices: ['public', 'secret'] },
      {
        name: 'state',
        kind: 'text',
        description: 'Only keys in this state.',
        choices: ['active', 'rolling', 'inactive', 'expired', 'deleted'],
      },
      { name: 'environment', kind: 'text', description: 'Only keys of this environment.' },
      { name: 'consumer', kind: 'text', description: 'Only keys of the consumer with this id.' },
      { name: 'role', kind: 'text', description: 'Only keys with this role.' },
      {
        name: 'label',
        kind: 'texts',
        description:
          'Only keys with this label of their own: `team:payments`, or `team` for any value. Repeat it to demand several.',
      },
      {
        name: 'freshness',
        kind: 'text',
        description: 'Only keys with this freshness.',
        choices: ['fresh', 'due', 'overdue'],
      },
      {
        name: 'expiresWithinDays',
        kind: 'integer',
        description:
          'Only keys that have not expired, and do so within so many days, by `expiresAt` or `lifetimeEndsAt`.',
      },
      {
        name: 'unusedForDays',
        kind: 'integer',
        description: 'Only keys whose last use was so many days ago; if there was none, their creation.',
      },
      {
        name: 'neverUsed',
        description: '`true`: only keys that were never used. `false`: only keys that were.',
        kind: 'boolean',
      },
      {
        name: 'oldSecretUsed',
        description:
          'Only rolling keys. `true`: those whose old secret was used in the last hour. `false`: the others.',
        kind: 'boolean',
      },
      { name: 'includeDeleted', description: 'Whether deleted keys are listed too.', kind: 'boolean' },
      {
        name: 'sort',
        kind: 'text',
        description:
          'The order; with `-`, the reverse. Keys that never expire come after the others, and keys that were never used before them.',
        choices: [
          'createdAt',
          '-createdAt',
          'expiresAt',
          '-expiresAt',
          'lastUsedAt',
          '-lastUsedAt',
          'name',
          '-name',
        ],
      },
    ],
    body: [],
    answer: 'list',
  },
  createKey: {
    summary: 'Create a key',
    description:
      'Creates a key of the organization, or of a consumer if you give its id. The `token` of a secret key is shown only once. You can only give roles whose permissions you have yourself; others get 403 `permission_missing`. With `handOver`, the answer has a link that shows the token once, instead of the token.\n\nRequires `keys.create`.',
    path: [],
    ofOrganization: true,
    query: [],
    body: [
      {
        name: 'name',
        kind: 'text',
        description: 'The name for people to read. Spaces at its ends are removed.',
        isRequired: true,
      },
      {
        name: 'type',
        kind: 'text',
        description: 'A public key may be published and has no roles; a secret key is shown only once.',
        isRequired: true,
        choices: ['public', 'secret'],
      },
      {
        name: 'environment',
        kind: 'text',
        description: 'The only environment in which the key works. Default: all of them.',
        isNullable: true,
      },
      {
        name: 'consumer',
        kind: 'text',
        description: 'The id of the consumer that owns the key.',
        isNullable: true,
      },
      {
        name: 'roles',
        kind: 'texts',
        description: 'The roles whose permissions the key has. You can only give permissions that you have.',
        isNullable: true,
      },
      {
        name: 'expiresAt',
        kind: 'time',
        description: 'When the key expires; null for never.',
        isNullable: true,
      },
      {
        name: 'addressRules',
        kind: 'texts',
        description: 'The addresses and ranges from which the key works; empty for all.',
        isNullable: true,
      },
      {
        name: 'rateLimits',
        kind: 'json',
        description: 'The rate limits of the key; empty for none.',
        isNullable: true,
      },
      {
        name: 'labels',
        kind: 'map',
        description: 'The labels of the key, by name. Default: none.',
        isNullable: true,
      },
      {
        name: 'handOver',
        kind: 'json',
        description:
          'Answers with a link that shows the token once, instead of with the token. Not for a public key.',
        isNullable: true,
      },
    ],
    answer: 'json',
  },
  getKey: {
    summary: 'Read a key',
    description:
      'Answers with a key, its state, and the number of requests and the last use of each of its secrets. A deleted key still names its consumer. The answer contains the `token` of a public key only.\n\nRequires `keys.read`.',
    path: [{ name: 'key', description: 'The id of the key.' }],
    ofOrganization: true,
    query: [],
    body: [],
    answer: 'json',
  },
  updateKey: {
    summary: 'Update a key, or switch it off or on',
    description:
      'Changes the fields that you send. `labels` replaces all labels. `status: "inactive"` makes every gateway reject the key until you set it to `active` again. A deleted key, and a change that leaves the organization without an owner key, get 409 `conflict`.\n\nRequires `keys.write`.',
    path: [{ name: 'key', description: 'The id of the key.' }],
    ofOrganization: true,
    query: [
      {
        name: 'wait',
        kind: 'integer',
        description: 'How many seconds to wait until every gateway has applied the change.',
      },
    ],
    body: [
      {
        name: 'name',
        kind: 'text',
        description: 'The name for people to read. Spaces at its ends are removed.',
      },
      {
        name: 'status',
        kind: 'text',
        description: '`inactive` makes every gateway reject the key until it is `active` again.',
        isNullable: true,
        choices: ['active', 'inactive'],
      },
      {
        name: 'roles',
        kind: 'texts',
        description: 'The roles whose permissions the key has. You can only give permissions that you have.',
        isNullable: true,
      },
      {
        name: 'expiresAt',
        kind: 'time',
        description: 'When the key expires; null for never.',
        isNullable: true,
      },
      {
        name: 'addressRules',
        kind: 'texts',
        description: 'The addresses and ranges from which the key works; empty for all.',
        isNullable: true,
      },
      {
        name: 'rateLimits',
        kind: 'json',
        description: 'The rate limits of the key; empty for none.',
        isNullable: true,
      },
      {
        name: 'labels',
        kind: 'map',
        description: 'All labels that the key has afterwards, by name.',
        isNullable: true,
      },
    ],
    answer: 'json',
  },
  deleteKey: {
    summary: 'Delete a key permanently',
    description:
      'Deletes a key for good, and withdraws its hand-overs. Gateways reject it as soon as the receipt is confirmed. To delete it again changes nothing and answers with a receipt. The last owner key of the organization gets 409 `conflict`.\n\nRequires `keys.delete`.',
    path: [{ name: 'key', description: 'The id of the key.' }],
    ofOrganization: true,
    query: [
      {
        name: 'wait',
        kind: 'integer',
        description: 'How many seconds to wait until every gateway has applied the change.',
      },
    ],
    body: [],
    answer: 'json',
  },
  exportKeys: {
    summary: 'Export the keys as NDJSON or CSV',
    description:
      'Streams the keys that match all filters that you send and that you may read, oldest first, without secrets, as NDJSON or, with `Accept: text/csv`, as CSV. An export that fails is cut off, and only a complete one in NDJSON ends with a line `{"export": {"keys", "filter"}}`. In CSV, what a spreadsheet could take for a formula has an apostrophe in front. Each export is recorded in the audit log, and one actor can start 120 in an hour, one at a time.\n\nRequires `keys.read`.',
    path: [],
    ofOrganization: true,
    query: [
      {
        name: 'search',
        kind: 'text',
        description:
          'Only keys where each word of this text begins a word of the name, the id, the value of a label, or the end of a `hint`. Capitals do not matter.',
      },
      { name: 'type', kind: 'text', description: 'Only keys of this type.', choices: ['public', 'secret'] },
      {
        name: 'state',
        kind: 'text',
        description: 'Only keys in this state.',
        choices: ['active', 'rolling', 'inactive', 'expired', 'deleted'],
      },
      { name: 'environment', kind: 'text', description: 'Only keys of this environment.' },
      { name: 'consumer', kind: 'text', description: 'Only keys of the consumer with this id.' },
      { name: 'role', kind: 'text', description: 'Only keys with this role.' },
      {
        name: 'label',
        kind: 'texts',
        description:
          'Only keys with this label of their own: `team:payments`, or `team` for any value. Repeat it to demand several.',
      },
      {
        name: 'freshness',
        kind: 'text',
        description: 'Only keys with this freshness.',
        choices: ['fresh', 'due', 'overdue'],
      },
      {
        name: 'expiresWithinDays',
        kind: 'integer',
        description:
          'Only keys that have not expired, and do so within so many days, by `expiresAt` or `lifetimeEndsAt`.',
      },
      {
        name: 'unusedForDays',
        kind: 'integer',
        description: 'Only keys whose last use was so many days ago; if there was none, their creation.',
      },
      {
        name: 'neverUsed',
        description: '`true`: only keys that were never used. `false`: only keys that were.',
        kind: 'boolean',
      },
      {
        name: 'oldSecretUsed',
        description:
          'Only rolling keys. `true`: those whose old secret was used in the last hour. `false`: the others.',
        kind: 'boolean',
      },
      { name: 'includeDeleted', description: 'Whether deleted keys are listed too.', kind: 'boolean' },
    ],
    body: [],
    answer: 'file',
    receivedFile: ['application/x-ndjson', 'text/csv'],
  },
  lookUpKey: {
    summary: 'Find the key of a token',
    description:
      'Tells whose a token is, and whether it works. It also knows the old secrets of a key, and deleted keys. A token that is unknown, of another organization, or of a key that you may not read gets 404 `not_found`. The token is neither kept nor logged.\n\nRequires `keys.read`.',
    path: [],
    ofOrganization: true,
    query: [],
    body: [
      {
        name: 'token',
        kind: 'text',
        description: 'The whole token. It is neither kept nor logged.',
        isRequired: true,
      },
    ],
    answer: 'json',
  },
  rollKey: {
    summary: 'Create a new secret for a key; the old one still works during the grace period',
    description:
      'Creates a new secret for a key. The old secret works for `graceSeconds` more, by default 12 hours, so that you can replace it everywhere; with 0, gateways reject it as soon as the receipt is confirmed. The new `token` is shown only once; with `handOver`, the answer has a link that shows it instead, and the grace begins now. A key with a pending roll gets 409 `roll_pending`, and a key that is not active 409 `key_not_rollable`.\n\nRequires `keys.roll`.',
    path: [{ name: 'key', description: 'The id of the key.' }],
    ofOrganization: true,
    query: [
      {
        name: 'wait',
        kind: 'integer',
        description: 'How many seconds to wait until every gateway has applied the change.',
      },
    ],
    body: [
      {
        name: 'graceSeconds',
        kind: 'integer',
        description: 'How long the old secret still works, in seconds. Default: 12 hours.',
        isNullable: true,
      },
      {
        name: 'handOver',
        kind: 'json',
        description:
          'Answers with a link that shows the token once, instead of with the token. Not for a public key.',
        isNullable: true,
      },
    ],
    answer: 'json',
  },
  finishRoll: {
    summary: 'End the old secret now',
    description:
      'Ends the old secret of a pending roll before its grace is over. Gateways reject it as soon as the receipt is confirmed. Without a pending roll the answer is 409 `conflict`.\n\nRequires `keys.roll`.',
    path: [{ name: 'key', description: 'The id of the key.' }],
    ofOrganization: true,
    query: [
      {
        name: 'wait',
        kind: 'integer',
        description: 'How many seconds to wait until every gateway has applied the change.',
      },
    ],
    body: [],
    answer: 'json',
  },
  undoRoll: {
    summary: 'End the new secret now and keep the old one',
    description:
      'Ends the new secret of a pending roll. The old secret goes on as before. Without a pending roll the answer is 409 `conflict`.\n\nRequires `keys.roll`.',
    path: [{ name: 'key', description: 'The id of the key.' }],
    ofOrganization: true,
    query: [
      {
        name: 'wait',
        kind: 'integer',
        description: 'How many seconds to wait until every gateway has applied the change.',
      },
    ],
    body: [],
    answer: 'json',
  },
  getRotation: {
    summary: 'Read how a key rolls on a schedule',
    description:
      'Answers with the schedule by which a key rolls, when it rolls next, and what kept it from rolling. A key without one gets 404 `not_found`.\n\nRequires `keys.read`.',
    path: [{ name: 'key', description: 'The id of the key.' }],
    ofOrganization: true,
    query: [],
    body: [],
    answer: 'json',
  },
  setRotation: {
    summary: 'Have a key rolled on a schedule',
    description:
      'Has a key rolled `rotateEveryDays` days after the creation of its newest secret, again and again, and each new token sent to one webhook: as an event `key.rotated` with the `token`, or with `handOver`, with a link that shows it once. The old token works until the new one has arrived, and for 12 hours more; if it does not arrive, the roll is undone. Each roll needs that you may roll the key at that time. A public key, and a key whose new token is being delivered, get 409 `conflict`.\n\nRequires `keys.roll`.',
    path: [{ name: 'key', description: 'The id of the key.' }],
    ofOrganization: true,
    query: [
      {
        name: 'wait',
        kind: 'integer',
        description: 'How many seconds to wait until every gateway has applied the change.',
      },
    ],
    body: [
      {
        name: 'rotateEveryDays',
        kind: 'integer',
        description: 'How many days after the creation of its newest secret the key is rolled.',
        isRequired: true,
      },
      {
        name: 'webhook',
        kind: 'text',
        description:
          'The id of the webhook that receives each new token. Its events must include `key.rotated`.',
        isRequired: true,
      },
      {
        name: 'handOver',
        kind: 'json',
        description: 'Sends a link that shows the token once, instead of the token.',
        isNullable: true,
      },
    ],
    answer: 'json',
  },
  removeRotation: {
    summary: 'End the rolls of a key on a schedule',
    description:
      'Ends the rolls of a key on a schedule. Its secrets stay. While a new token is being delivered the answer is 409 `conflict`.\n\nRequires `keys.roll`.',
    path: [{ name: 'key', description: 'The id of the key.' }],
    ofOrganization: true,
    query: [
      {
        name: 'wait',
        kind: 'integer',
        description: 'How many seconds to wait until every gateway has applied the change.',
      },
    ],
    body: [],
    answer: 'json',
  },
  verify: {
    summary: 'Verify credentials as a gateway would',
    description:
      "Answers whether a gateway would accept a caller's credentials, with the gateway's own decision. `code` is `valid`, or the code that the caller would get. Send `token`, `jwt` or `basic`, and the call by `environment` with `pipeline` or `path`; `missing` names the parts that the call lacks. Nothing is counted against the key.\n\nRequires `keys.verify`.",
    path: [],
    ofOrganization: true,
    query: [],
    body: [
      { name: 'token', kind: 'text', description: 'The token of an API key.', isNullable: true },
      { name: 'jwt', kind: 'text', description: 'A JWT of the caller.', isNullable: true },
      { name: 'basic', kind: 'json', description: 'Basic credentials of the caller.', isNullable: true },
      {
        name: 'environment',
        kind: 'text',
        description: 'Needed with jwt, basic, pipeline and path.',
        isNullable: true,
      },
      {
        name: 'pipeline',
        kind: 'text',
        description: 'The name of the pipeline that is called.',
        isNullable: true,
      },
      {
        name: 'permission',
        kind: 'text',
        description: "A permission that the key's roles must include.",
        isNullable: true,
        choices: [
          'pipelines.read',
          'pipelines.write',
          'pipelines.deploy',
          'pipelines.invoke',
          'policies.read',
          'policies.write',
          'consumers.read',
          'consumers.write',
          'consumers.open-portal',
          'keys.read',
          'keys.create',
          'keys.write',
          'keys.roll',
          'keys.roll-self',
          'keys.delete',
          'keys.verify',
          'external-keys.read',
          'external-keys.write',
          'roles.read',
          'roles.write',
          'members.read',
          'members.write',
          'secrets.read',
          'secrets.write',
          'variables.read',
          'variables.write',
          'signing-keys.read',
          'signing-keys.write',
          'webhooks.read',
          'webhooks.write',
          'audit.read',
          'usage.read',
          'gateways.read',
          'organization.read',
          'organization.write',
        ],
      },
      {
        name: 'method',
        kind: 'text',
        description:
          'The HTTP method of the call. Left out, any method of the pipeline; of a path, the first one in alphabetical order.',
        isNullable: true,
      },
      {
        name: 'path',
        kind: 'text',
        description: 'The path of the call within the environment, such as /orders/7.',
        isNullable: true,
      },
      {
        name: 'host',
        kind: 'text',
        description:
          'The host of the call, which belongs to the environment, such as orders.example.com; left out for the path of the environment on other hosts. Pipelines with `hosts` are reached only at them.',
        isNullable: true,
      },
      {
        name: 'address',
        kind: 'text',
        description: "The caller's address, for the address rules of the key.",
        isNullable: true,
      },
    ],
    answer: 'json',
  },
  listHandOvers: {
    summary: 'List the hand-overs',
    description:
      'Lists the hand-overs, oldest first: those that are pending, and the newest 1000 that were opened, expired or withdrawn. You see those of the keys that you may read. An answer never contains the link.\n\nRequires `keys.read`.',
    path: [],
    ofOrganization: true,
    query: [{ name: 'limit', kind: 'integer', description: 'The most items in the response.' }],
    body: [],
    answer: 'list',
  },
  getHandOver: {
    summary: 'Read a hand-over',
    description:
      'Answers with a hand-over, without its link: its state, and the address and the browser that opened it.\n\nRequires `keys.read`.',
    path: [{ name: 'handOver', description: 'The id of the hand-over.' }],
    ofOrganization: true,
    query: [],
    body: [],
    answer: 'json',
  },
  withdrawHandOver: {
    summary: 'Withdraw a hand-over',
    description:
      'Withdraws a hand-over: the link no longer shows the token, which is deleted. The key and its secret stay. A hand-over that was opened gets 409 `conflict`; to withdraw one that has ended otherwise changes nothing.\n\nRequires `keys.write`.',
    path: [{ name: 'handOver', description: 'The id of the hand-over.' }],
    ofOrganization: true,
    query: [
      {
        name: 'wait',
        kind: 'integer',
        description: 'How many seconds to wait until every gateway has applied the change.',
      },
    ],
    body: [],
    answer: 'json',
  },
  listImports: {
    summary: 'List the imports',
    description:
      'Lists the imports, oldest first unless `sort` says otherwise: all of them with `keys.read` for the whole organization, otherwise your own. They are removed 90 days after their end.\n\nRequires `keys.read`.',
    path: [],
    ofOrganization: true,
    query: [
      { name: 'limit', kind: 'integer', description: 'The most items in the response.' },
      {
        name: 'sort',
        kind: 'text',
        description: 'The oldest first, or with `-` the newest first.',
        choices: ['createdAt', '-createdAt'],
      },
    ],
    body: [],
    answer: 'list',
  },
  importKeys: {
    summary: 'Import keys that were issued elsewhere',
    description:
      'Takes a file of CSV with a header, or of NDJSON, with one key on each line: `name`, and `token` or `sha256`; if you like also `type`, `environment`, `consumer` (its name or id), `roles`, `status`, `expiresAt`, `labels` and `hint`. A token becomes its SHA-256 while it arrives, and is kept nowhere. The answer comes when the whole file has arrived; its keys are made afterwards, and a line with a problem hinders no other line. At most 3 imports of an organization are under way at a time; another one gets 409 `conflict`.\n\nRequires `keys.create`.',
    path: [],
    ofOrganization: true,
    query: [],
    body: [],
    answer: 'json',
    sentFile: ['text/csv', 'application/x-ndjson'],
  },
  getImport: {
    summary: 'Read an import',
    description:
      'Answers with the progress of an import, and its problems by line: the first 1,000, and how many there are. A problem never contains a token. Your own imports need no permission to read.\n\nRequires `keys.read`.',
    path: [{ name: 'import', description: 'The id of the import.' }],
    ofOrganization: true,
    query: [],
    body: [],
    answer: 'json',
  },
  stopImport: {
    summary: 'Stop an import',
    description:
      'Stops an import. The keys that it has made stay. To stop one that has ended changes nothing and answers with a receipt.\n\nRequires `keys.create`.',
    path: [{ name: 'import', description: 'The id of the import.' }],
    ofOrganization: true,
    query: [
      {
        name: 'wait',
        kind: 'integer',
        description: 'How many seconds to wait until every gateway has applied the change.',
      },
    ],
    body: [],
    answer: 'json',
  },
  createPortalSession: {
    summary: 'Make a link to the portal of a consumer',
    description:
      'Makes a link that opens a portal session for one consumer, once. You also need the permission of each scope in the environment of the consumer. The session ends after `expiresInSeconds`, with the key that calls, when you lose the permission, and when the consumer is removed. A consumer has at most 100 sessions at a time; another one gets 409 `conflict`.\n\nRequires `consumers.open-portal`.',
    path: [{ name: 'consumer', description: 'The id of the consumer.' }],
    ofOrganization: true,
    query: [],
    body: [
      {
        name: 'scopes',
        kind: 'texts',
        description:
          'What the session allows, for this consumer only. `keys.roll` includes to finish and to undo a roll. You need the permission of each, in the environment of the consumer.',
        isRequired: true,
        choices: ['keys.read', 'keys.create', 'keys.roll', 'keys.delete', 'usage.read'],
      },
      {
        name: 'returnUrl',
        kind: 'text',
        description: 'Where the page leads back to: an https URL, or plain http on localhost.',
        isNullable: true,
      },
      {
        name: 'expiresInSeconds',
        kind: 'integer',
        description:
          'How long the link and the session work, in seconds from now. Default: an hour. They end with the key that calls at the latest.',
        isNullable: true,
      },
    ],
    answer: 'json',
  },
  listPortalSessions: {
    summary: 'List the portal sessions',
    description:
      'Lists the portal sessions, oldest first, until 30 days after their end. You see those of the consumers that you may read. An answer never contains the link.\n\nRequires `consumers.read`.',
    path: [],
    ofOrganization: true,
    query: [{ name: 'limit', kind: 'integer', description: 'The most items in the response.' }],
    body: [],
    answer: 'list',
  },
  getPortalSession: {
    summary: 'Read a portal session',
    description:
      'Answers with a portal session, without its link: its state, and from where it was opened.\n\nRequires `consumers.read`.',
    path: [{ name: 'portalSession', description: 'The id of the portal session.' }],
    ofOrganization: true,
    query: [],
    body: [],
    answer: 'json',
  },
  endPortalSession: {
    summary: 'End a portal session, or withdraw its link',
    description:
      'Ends a portal session at once, or withdraws its link. To end one that has ended changes nothing.\n\nRequires `consumers.open-portal`.',
    path: [{ name: 'portalSession', description: 'The id of the portal session.' }],
    ofOrganization: true,
    query: [
      {
        name: 'wait',
        kind: 'integer',
        description: 'How many seconds to wait until every gateway has applied the change.',
      },
    ],
    body: [],
    answer: 'json',
  },
  listLeaks: {
    summary: 'List where secrets were found in public',
    description:
      'Lists the leaks of the keys that you may read, newest first; of each key the newest 100. `stillLive` says which secrets still work. An answer never contains a token.\n\nRequires `keys.read`.',
    path: [],
    ofOrganization: true,
    query: [
      { name: 'limit', kind: 'integer', description: 'The most items in the response.' },
      { name: 'environment', kind: 'text', description: 'Only leaks of keys of this environment.' },
      { name: 'key', kind: 'text', description: 'Only leaks of the key with this id.' },
    ],
    body: [],
    answer: 'list',
  },
  listExternalKeys: {
    summary: 'List the external keys',
    description: 'Lists the external keys, oldest first.\n\nRequires `external-keys.read`.',
    path: [],
    ofOrganization: true,
    query: [{ name: 'limit', kind: 'integer', description: 'The most items in the response.' }],
    body: [],
    answer: 'list',
  },
  addExternalKey: {
    summary: "Add another organization's key",
    description:
      'Gives roles to a key of another organization, by the id that its owner tells you. The key then works here with these roles and nothing else, under the expiry, address rules and rate limits that its owner set, and under your own. You can only give roles whose permissions you have yourself. An unknown id and a key that its owner does not let you add get the same 400 `invalid_request`; a key that you have already gets 409 `conflict`.\n\nRequires `external-keys.write`.',
    path: [],
    ofOrganization: true,
    query: [],
    body: [
      {
        name: 'keyId',
        kind: 'text',
        description: 'The id of a secret key of another organization, which its owner tells you.',
        isRequired: true,
      },
      {
        name: 'label',
        kind: 'text',
        description: 'Your name for the key. Spaces at its ends are removed.',
        isNullable: true,
      },
      {
        name: 'roles',
        kind: 'texts',
        description: 'The roles that the key has here. You can only give permissions that you have.',
        isRequired: true,
      },
      {
        name: 'addressRules',
        kind: 'texts',
        description:
          'The addresses and ranges from which the key works here, besides those of its owner; empty for all.',
        isNullable: true,
      },
      {
        name: 'rateLimits',
        kind: 'json',
        description: 'The rate limits of the key here, besides those of its owner; empty for none.',
        isNullable: true,
      },
    ],
    answer: 'json',
  },
  getExternalKey: {
    summary: 'Read an external key',
    description:
      'Answers with an external key. `status` is `inactive` while the key does not work here, and `reason` says which side ended that.\n\nRequires `external-keys.read`.',
    path: [{ name: 'externalKey', description: 'The id of the external key, not that of its key.' }],
    ofOrganization: true,
    query: [],
    body: [],
    answer: 'json',
  },
  updateExternalKey: {
    summary: 'Update an external key, or switch it off or on',
    description:
      'Changes the fields that you send. `status: "inactive"` makes every gateway refuse the key here until you set it to `active` again. A change that gives the key more needs the permissions that it gives.\n\nRequires `external-keys.write`.',
    path: [{ name: 'externalKey', description: 'The id of the external key, not that of its key.' }],
    ofOrganization: true,
    query: [
      {
        name: 'wait',
        kind: 'integer',
        description: 'How many seconds to wait until every gateway has applied the change.',
      },
    ],
    body: [
      { name: 'label', kind: 'text', description: 'Your name for the key; null for none.', isNullable: true },
      {
        name: 'roles',
        kind: 'texts',
        description: 'The roles that the key has here. You can only give permissions that you have.',
      },
      {
        name: 'status',
        kind: 'text',
        description: '`inactive` makes every gateway refuse the key here until it is `active` again.',
        isNullable: true,
        choices: ['active', 'inactive'],
      },
      {
        name: 'addressRules',
        kind: 'texts',
        description:
          'The addresses and ranges from which the key works here, besides those of its owner; empty for all.',
        isNullable: true,
      },
      {
        name: 'rateLimits',
        kind: 'json',
        description: 'The rate limits of the key here, besides those of its owner; empty for none.',
        isNullable: true,
      },
    ],
    answer: 'json',
  },
  removeExternalKey: {
    summary: 'Remove an external key',
    description:
      'Ends what the key may do here. Gateways refuse it as soon as the receipt is confirmed. In its own organization it stays as it is.\n\nRequires `external-keys.write`.',
    path: [{ name: 'externalKey', description: 'The id of the external key, not that of its key.' }],
    ofOrganization: true,
    query: [
      {
        name: 'wait',
        kind: 'integer',
        description: 'How many seconds to wait until every gateway has applied the change.',
      },
    ],
    body: [],
    answer: 'json',
  },
  listAcceptances: {
    summary: 'List which organizations accept keys of the organization',
    description:
      'Lists which organizations have added keys of yours that you may read, by the id of the key and then by the slug of the organization. Deleted keys are left out, as are organizations that you forbid a key and that have not added it: see the acceptances of the key.\n\nRequires `keys.read`.',
    path: [],
    ofOrganization: true,
    query: [{ name: 'limit', kind: 'integer', description: 'The most items in the response.' }],
    body: [],
    answer: 'list',
  },
  getOrganizationAcceptance: {
    summary: 'Read whether other organizations may accept keys of the organization',
    description:
      'Answers whether other organizations may accept keys of yours at all. If not, no rule of a key lets one accept it.\n\nRequires `keys.read`.',
    path: [],
    ofOrganization: true,
    query: [],
    body: [],
    answer: 'json',
  },
  setOrganizationAcceptance: {
    summary: "Forbid or allow that other organizations accept the organization's keys",
    description:
      'Forbids with `allowed: false` that other organizations accept any key of yours. Where they are external keys, they stop working as soon as the receipt is confirmed. With `allowed: true` they work there again, unless another rule forbids it. You need what each key has that works again.\n\nRequires `keys.write`.',
    path: [],
    ofOrganization: true,
    query: [
      {
        name: 'wait',
        kind: 'integer',
        description: 'How many seconds to wait until every gateway has applied the change.',
      },
    ],
    body: [
      {
        name: 'allowed',
        kind: 'boolean',
        description: 'Whether another organization may accept the key.',
        isRequired: true,
      },
    ],
    answer: 'json',
  },
  getAcceptances: {
    summary: 'Read which organizations accept a key',
    description:
      'Answers with the organizations that have added one of your keys, and those that may not accept it.\n\nRequires `keys.read`.',
    path: [{ name: 'key', description: 'The id of the key.' }],
    ofOrganization: true,
    query: [],
    body: [],
    answer: 'json',
  },
  setKeyAcceptance: {
    summary: 'Forbid or allow that other organizations accept a key',
    description:
      'Forbids with `allowed: false` that any other organization accepts the key. Where it is an external key, it stops working as soon as the receipt is confirmed. With `allowed: true` it works there again, unless another rule forbids it.\n\nRequires `keys.write`.',
    path: [{ name: 'key', description: 'The id of the key.' }],
    ofOrganization: true,
    query: [
      {
        name: 'wait',
        kind: 'integer',
        description: 'How many seconds to wait until every gateway has applied the change.',
      },
    ],
    body: [
      {
        name: 'allowed',
        kind: 'boolean',
        description: 'Whether another organization may accept the key.',
        isRequired: true,
      },
    ],
    answer: 'json',
  },
  setPartnerAcceptance: {
    summary: 'Forbid or allow that one organization accepts a key',
    description:
      'Forbids with `allowed: false` that one other organization accepts the key, whether or not it has added the key. With `allowed: true` it may, unless another rule forbids it.\n\nRequires `keys.write`.',
    path: [
      { name: 'key', description: 'The id of the key.' },
      { name: 'partner', description: 'The slug of the other organization.' },
    ],
    ofOrganization: true,
    query: [
      {
        name: 'wait',
        kind: 'integer',
        description: 'How many seconds to wait until every gateway has applied the change.',
      },
    ],
    body: [
      {
        name: 'allowed',
        kind: 'boolean',
        description: 'Whether another organization may accept the key.',
        isRequired: true,
      },
    ],
    answer: 'json',
  },
  readUsage: {
    summary: 'Read how many requests there were, by time and by key, consumer, pipeline or outcome',
    description:
      'Sums up the requests to pipelines, by time and then by group. There is no item for nothing, and new requests appear after about a second. A page can have fewer items than `limit`, or none, although another page follows: read on until `next` is null. Minutes are kept for 2 days, hours for 90 days and days for 2 years, unless the operator sets other times.\n\nRequires `usage.read`.',
    path: [],
    ofOrganization: true,
    query: [
      { name: 'limit', kind: 'integer', description: 'The most items in the response.' },
      {
        name: 'groupBy',
        kind: 'text',
        description:
          'Sum up the requests of each of these apart. Without it, there is one sum for each interval.',
        choices: ['key', 'secret', 'consumer', 'environment', 'pipeline', 'version', 'code'],
      },
      {
        name: 'interval',
        kind: 'text',
        description: 'The length of the intervals that are summed up. Days are those of UTC.',
        choices: ['minute', 'hour', 'day'],
      },
      {
        name: 'from',
        kind: 'past',
        description:
          'The start of the period. The interval that it is in counts whole. Default: 60 minutes, 24 hours or 30 days before the end.',
      },
      {
        name: 'to',
        kind: 'past',
        description: 'The end of the period. The interval that it is in counts whole. Default: now.',
      },
      { name: 'environment', kind: 'text', description: 'Only requests to this environment.' },
      { name: 'project', kind: 'text', description: 'Only requests to the pipelines of this project.' },
      { name: 'pipeline', kind: 'text', description: 'Only requests to this pipeline.' },
      {
        name: 'version',
        kind: 'text',
        description: 'Only requests to this version of a pipeline, such as `1.0`.',
      },
      {
        name: 'code',
        kind: 'text',
        description:
          'Only requests with this decision: `valid`, or the code of a refusal, such as `key_expired`.',
      },
      {
        name: 'key',
        kind: 'text',
        description: 'Only requests with this key, or with a JWT that was obtained with it.',
      },
      { name: 'consumer', kind: 'text', description: 'Only requests of this consumer, by its id.' },
    ],
    body: [],
    answer: 'list',
  },
  listRequests: {
    summary: 'Find recent requests, such as the one whose id a caller reports',
    description:
      'Lists the last requests to the pipelines, the last that ended first. A gateway keeps the last 1,000 that were let in and the last 1,000 others of each organization in its memory, fewer if there are many organizations, and none after a restart. The answer has the requests of the gateways in `gateways`: with several servers, that of the server that answers. A request appears when it ends; a role that has the permission only for a project or a pipeline does not show requests that matched no pipeline.\n\nRequires `usage.read`.',
    path: [],
    ofOrganization: true,
    query: [
      { name: 'limit', kind: 'integer', description: 'The most items in the response.' },
      {
        name: 'requestId',
        kind: 'text',
        description: 'Only requests with this id, which the caller has from `x-request-id` of the response.',
      },
      {
        name: 'key',
        kind: 'text',
        description: 'Only requests with this key, or with a JWT that was obtained with it.',
      },
      { name: 'consumer', kind: 'text', description: 'Only requests of this consumer, by its id.' },
      { name: 'pipeline', kind: 'text', description: 'Only requests to this pipeline.' },
      {
        name: 'code',
        kind: 'text',
        description:
          'Only requests with this code: `valid`, or the code of a problem, such as `key_expired`.',
      },
      { name: 'from', kind: 'past', description: 'Only requests that arrived at this time or later.' },
      { name: 'to', kind: 'past', description: 'Only requests that arrived before this time.' },
    ],
    body: [],
    answer: 'list',
  },
  listWebhooks: {
    summary: 'List the webhooks',
    description: 'Lists the webhooks, oldest first.\n\nRequires `webhooks.read`.',
    path: [],
    ofOrganization: true,
    query: [{ name: 'limit', kind: 'integer', description: 'The most items in the response.' }],
    body: [],
    answer: 'list',
  },
  createWebhook: {
    summary: 'Have events sent to a URL',
    description:
      'Has the events of these types sent to a URL from now on, and answers with the secret that signs them. Besides `webhooks.write` you need, for the whole organization, the permission to read what each event tells, such as `keys.read` for events of keys. A URL with an address that is not public gets 400 `invalid_request`.\n\nRequires `webhooks.write`.',
    path: [],
    ofOrganization: true,
    query: [],
    body: [
      {
        name: 'url',
        kind: 'text',
        description:
          'Where events are sent: an https URL. Its host must have a public address, unless the operator allows others.',
        isRequired: true,
      },
      {
        name: 'events',
        kind: 'texts',
        description: 'The types of events that are sent. You must be able to read what they tell.',
        isRequired: true,
        choices: [
          'key.created',
          'key.rolled',
          'key.rotated',
          'key.rotation_failed',
          'key.expiring',
          'key.expired',
          'key.old_secret_still_used',
          'key.leaked',
          'key.deleted',
          'external_key.added',
          'external_key.changed',
          'external_key.removed',
          'policy.changed',
          'deployment.created',
          'deployment.refused',
          'deployment.ended',
          'probe.alarm',
          'member.added',
          'member.removed',
        ],
      },
    ],
    answer: 'json',
  },
  getWebhook: {
    summary: 'Read a webhook',
    description: 'Answers with a webhook, without its secret.\n\nRequires `webhooks.read`.',
    path: [{ name: 'webhook', description: 'The id of the webhook.' }],
    ofOrganization: true,
    query: [],
    body: [],
    answer: 'json',
  },
  updateWebhook: {
    summary: 'Update a webhook, or switch it off or on',
    description:
      'Changes the fields that you send. A new URL and new events need what their creation needs. With `status: "inactive"` nothing is sent: events wait, and those of the last three days are sent once it is `active` again.\n\nRequires `webhooks.write`.',
    path: [{ name: 'webhook', description: 'The id of the webhook.' }],
    ofOrganization: true,
    query: [
      {
        name: 'wait',
        kind: 'integer',
        description: 'How many seconds to wait until every gateway has applied the change.',
      },
    ],
    body: [
      {
        name: 'url',
        kind: 'text',
        description:
          'Where events are sent: an https URL. Its host must have a public address, unless the operator allows others.',
      },
      {
        name: 'events',
        kind: 'texts',
        description: 'The types of events that are sent. You must be able to read what they tell.',
        choices: [
          'key.created',
          'key.rolled',
          'key.rotated',
          'key.rotation_failed',
          'key.expiring',
          'key.expired',
          'key.old_secret_still_used',
          'key.leaked',
          'key.deleted',
          'external_key.added',
          'external_key.changed',
          'external_key.removed',
          'policy.changed',
          'deployment.created',
          'deployment.refused',
          'deployment.ended',
          'probe.alarm',
          'member.added',
          'member.removed',
        ],
      },
      {
        name: 'status',
        kind: 'text',
        description: 'While it is `inactive`, events wait, for three days at most.',
        isNullable: true,
        choices: ['active', 'inactive'],
      },
    ],
    answer: 'json',
  },
  removeWebhook: {
    summary: 'Remove a webhook',
    description: 'Ends the webhook and deletes its deliveries.\n\nRequires `webhooks.write`.',
    path: [{ name: 'webhook', description: 'The id of the webhook.' }],
    ofOrganization: true,
    query: [
      {
        name: 'wait',
        kind: 'integer',
        description: 'How many seconds to wait until every gateway has applied the change.',
      },
    ],
    body: [],
    answer: 'json',
  },
  rotateWebhook: {
    summary: 'Rotate the secret of a webhook',
    description:
      'Makes a new secret and answers with it. Until `graceSeconds` are over, each message has two signatures: by the new secret and by the previous one. While that is so, a further rotation gets 409 `conflict`, unless its `graceSeconds` is 0, which ends both earlier secrets.\n\nRequires `webhooks.write`.',
    path: [{ name: 'webhook', description: 'The id of the webhook.' }],
    ofOrganization: true,
    query: [],
    body: [
      {
        name: 'graceSeconds',
        kind: 'integer',
        description:
          'How long messages are signed with the previous secret too, in seconds; 0 ends it now. Default: 12 hours.',
        isNullable: true,
      },
    ],
    answer: 'json',
  },
  listDeliveries: {
    summary: 'List the deliveries of a webhook',
    description:
      'Lists what was and will be delivered to the webhook, the newest events first, with each attempt. The last 1000 are kept, for 30 days.\n\nRequires `webhooks.read`.',
    path: [{ name: 'webhook', description: 'The id of the webhook.' }],
    ofOrganization: true,
    query: [{ name: 'limit', kind: 'integer', description: 'The most items in the response.' }],
    body: [],
    answer: 'list',
  },
  replayDelivery: {
    summary: 'Deliver an event again',
    description:
      'Delivers an event again, with the same content and `webhook-id`, and retries it for three days. It makes no difference whether it was delivered, given up, or waits for its next attempt.\n\nRequires `webhooks.write`.',
    path: [
      { name: 'webhook', description: 'The id of the webhook.' },
      { name: 'delivery', description: 'The id of the delivery.' },
    ],
    ofOrganization: true,
    query: [],
    body: [],
    answer: 'json',
  },
  listAuditEvents: {
    summary: 'List the audit log, newest first, or export it',
    description:
      'Lists every change in the organization, newest first: who did what to which resource, with the state before and after, and the hash of the previous event, so that a missing or altered event shows. A page with two or more of `actor`, `action` and `target` can have fewer events than `limit`, even none, while `next` is not null. With `Accept: application/x-ndjson` or `text/csv`, the answer is an export of all of these events, oldest first, without pages; NDJSON ends with a signed checkpoint, so that `npm run audit -- verify FILE` can check it. An export is itself an event; an actor has one at a time and starts at most 30 an hour.\n\nRequires `audit.read`.',
    path: [],
    ofOrganization: true,
    query: [
      { name: 'limit', kind: 'integer', description: 'The most items in the response.' },
      {
        name: 'actor',
        kind: 'text',
        description: 'Only events of this actor: the id of a key or of a member, or `setup`.',
      },
      {
        name: 'action',
        kind: 'text',
        description: 'Only this action, such as `keys.create`, or all actions of a resource: `keys.*`.',
      },
      {
        name: 'target',
        kind: 'text',
        description:
          'Only this target, such as `key/key_4fT0Qm2ZrX9bLk7A`, or all targets of a kind: `key/`.',
      },
      { name: 'from', kind: 'past', description: 'Only events at this time or later.' },
      { name: 'to', kind: 'past', description: 'Only events before this time.' },
    ],
    body: [],
    answer: 'list',
  },
  exportAuditEvents: {
    summary: 'The same list as a file',
    description:
      'Lists every change in the organization, newest first: who did what to which resource, with the state before and after, and the hash of the previous event, so that a missing or altered event shows. A page with two or more of `actor`, `action` and `target` can have fewer events than `limit`, even none, while `next` is not null. With `Accept: application/x-ndjson` or `text/csv`, the answer is an export of all of these events, oldest first, without pages; NDJSON ends with a signed checkpoint, so that `npm run audit -- verify FILE` can check it. An export is itself an event; an actor has one at a time and starts at most 30 an hour.\n\nRequires `audit.read`.',
    path: [],
    ofOrganization: true,
    query: [
      {
        name: 'actor',
        kind: 'text',
        description: 'Only events of this actor: the id of a key or of a member, or `setup`.',
      },
      {
        name: 'action',
        kind: 'text',
        description: 'Only this action, such as `keys.create`, or all actions of a resource: `keys.*`.',
      },
      {
        name: 'target',
        kind: 'text',
        description:
          'Only this target, such as `key/key_4fT0Qm2ZrX9bLk7A`, or all targets of a kind: `key/`.',
      },
      { name: 'from', kind: 'past', description: 'Only events at this time or later.' },
      { name: 'to', kind: 'past', description: 'Only events before this time.' },
    ],
    body: [],
    answer: 'file',
    receivedFile: ['application/x-ndjson', 'text/csv'],
  },
  listGateways: {
    summary: 'List the gateways',
    description:
      'Lists all gateways of the installation with the revision that each has applied. A gateway that is stale may not have applied the newest changes; it refuses requests when it has lost its lease.\n\nRequires `gateways.read`.',
    path: [],
    ofOrganization: true,
    query: [],
    body: [],
    answer: 'list',
  },
  rollOwnKey: {
    summary: 'Create a new secret for the key that calls',
    description:
      'Creates a new secret for the key that calls, as `POST …/keys/{key}/roll` does for any key, but without `handOver`. So a system replaces its own secret without knowing any other key. The old secret works for `graceSeconds` more, by default 12 hours. The new `token` is shown only once: store it before you finish the roll.\n\nRequires `keys.roll-self`.',
    path: [],
    query: [
      {
        name: 'wait',
        kind: 'integer',
        description: 'How many seconds to wait until every gateway has applied the change.',
      },
    ],
    body: [
      {
        name: 'graceSeconds',
        kind: 'integer',
        description: 'How long the old secret still works, in seconds. Default: 12 hours.',
        isNullable: true,
      },
    ],
    answer: 'json',
  },
  finishOwnRoll: {
    summary: 'End the old secret of the key that calls',
    description:
      'Ends the old secret of the key that calls before its grace is over. Call it with the new token, so that you know that you have it: with the old one, and without a pending roll, the answer is 409 `conflict`.\n\nRequires `keys.roll-self`.',
    path: [],
    query: [
      {
        name: 'wait',
        kind: 'integer',
        description: 'How many seconds to wait until every gateway has applied the change.',
      },
    ],
    body: [],
    answer: 'json',
  },
  deleteOwnKey: {
    summary: 'Delete the key that calls permanently',
    description:
      'Deletes the key that calls for good, for example because its token has leaked. Gateways reject it as soon as the receipt is confirmed. The last owner key of the organization gets 409 `conflict`.\n\nRequires `keys.roll-self`.',
    path: [],
    query: [
      {
        name: 'wait',
        kind: 'integer',
        description: 'How many seconds to wait until every gateway has applied the change.',
      },
    ],
    body: [],
    answer: 'json',
  },
  listLinkedProviders: {
    summary: 'List your accounts at providers',
    description: 'Lists the accounts at providers with which the person who is signed in can sign in.',
    path: [],
    query: [],
    body: [],
    answer: 'list',
  },
  beginProviderLink: {
    summary: 'Begin to link your account at a provider',
    description:
      'Begins to link an account at a provider to the person who is signed in, who can then sign in with it. It needs a step-up of the last 5 minutes. Send the browser to `url`. It comes back to `returnTo`, whose query has `error=link_failed` if the account is linked to another person, or if the browser no longer has the session that began the link. It takes no `Idempotency-Key`: a repeated request is a new one.',
    path: [{ name: 'provider', description: 'The id of the provider in the settings.' }],
    query: [],
    body: [
      {
        name: 'returnTo',
        kind: 'text',
        description: 'The path of this server that the browser comes back to.',
        isNullable: true,
      },
    ],
    answer: 'json',
  },
  unlinkProvider: {
    summary: 'Unlink your account at a provider',
    description:
      'Unlinks the account at a provider, which then no longer signs the person in, and ends the sessions that it opened, also that of the request, unless a password or a passkey has confirmed them since. It needs a step-up of the last 5 minutes. The last way to sign in is refused with 409 `conflict`.',
    path: [{ name: 'provider', description: 'The id of the provider in the settings.' }],
    query: [],
    body: [],
    answer: 'none',
  },
  getSession: {
    summary: 'Describe the session of this request',
    description:
      'Answers with the person who is signed in, their organizations, and when the session ends. A session ends 12 hours after its last use, and 14 days after the sign-in at the latest.',
    path: [],
    query: [],
    body: [],
    answer: 'json',
  },
  signOut: {
    summary: 'Sign out',
    description: 'Ends the session of this request and removes its cookie.',
    path: [],
    query: [],
    body: [],
    answer: 'none',
  },
  listOtherSessions: {
    summary: 'List your other sessions',
    description: 'Lists the other sessions of the person who is signed in.',
    path: [],
    query: [],
    body: [],
    answer: 'list',
  },
  endOtherSessions: {
    summary: 'End all your other sessions',
    description: 'Ends all sessions of the person who is signed in, except that of this request.',
    path: [],
    query: [],
    body: [],
    answer: 'none',
  },
  endOtherSession: {
    summary: 'End one of your other sessions',
    description:
      'Ends another session of the person who is signed in. It is refused from its next request on. The session of this request ends with `DELETE /v1/session`.',
    path: [{ name: 'session', description: 'The id of the session.' }],
    query: [],
    body: [],
    answer: 'none',
  },
  stepUp: {
    summary: 'Confirm that it is you',
    description:
      'Confirms that it is still you. For 5 minutes the session may then do what cannot be undone, which otherwise gets 403 `step_up_required`. The session gets a new cookie. It takes no `Idempotency-Key`: a repeated request is a new one.',
    path: [],
    query: [],
    body: [
      { name: 'password', kind: 'text', description: 'The password of the person.' },
      { name: 'code', kind: 'text', description: 'A code of the authenticator app, or a recovery code.' },
      {
        name: 'passkey',
        kind: 'json',
        description: 'One of the passkeys of the person, for `POST /v1/session/step-up/passkey-options`.',
      },
    ],
    answer: 'none',
  },
  changePassword: {
    summary: 'Change your password',
    description:
      'Changes the password of the person who is signed in. All other sessions of the person and all links to set a password end; this session gets a new cookie. A wrong `current` gets 401 `sign_in_failed`; the same password, or the e-mail address, 400 `invalid_request`.',
    path: [],
    query: [],
    body: [
      {
        name: 'current',
        kind: 'text',
        description:
          'The password until now. A person without a password confirms with `POST /v1/session/step-up` instead.',
        isNullable: true,
      },
      {
        name: 'password',
        kind: 'text',
        description: 'The new password: 8 to 256 characters of any kind.',
        isRequired: true,
      },
    ],
    answer: 'none',
  },
  listPasskeys: {
    summary: 'List your passkeys',
    description: 'Lists the passkeys of the person who is signed in.',
    path: [],
    query: [],
    body: [],
    answer: 'list',
  },
  addPasskey: {
    summary: 'Add a passkey',
    description:
      'Adds the passkey that a browser made. Your authenticator must have verified you, with a PIN or biometrics; a refused response gets 400 `invalid_request`, and can be sent again. A person has at most 20 passkeys.',
    path: [],
    query: [],
    body: [
      {
        name: 'ticket',
        kind: 'text',
        description: 'The `ticket` of the answer with the options. It works once.',
        isRequired: true,
      },
      {
        name: 'response',
        kind: 'json',
        description:
          'What `toJSON()` of the credential returns that `navigator.credentials.create` made. Other members of it are not read.',
        isRequired: true,
      },
      {
        name: 'name',
        kind: 'text',
        description: 'Your name for the passkey, such as the name of the device.',
        isRequired: true,
      },
    ],
    answer: 'json',
  },
  beginPasskey: {
    summary: 'Begin to add a passkey',
    description:
      'Answers with options for `navigator.credentials.create`, which makes a passkey, and with a ticket. Send both results to `POST /v1/person/passkeys` in the same session, within 5 minutes; an earlier ticket no longer works. You must have confirmed within 5 minutes that it is you, or the answer is 403 `step_up_required`. It takes no `Idempotency-Key`: a repeated request is a new one.',
    path: [],
    query: [],
    body: [],
    answer: 'json',
  },
  renamePasskey: {
    summary: 'Rename a passkey',
    description: 'Gives one of your passkeys another name.',
    path: [{ name: 'passkey', description: 'The id of the passkey.' }],
    query: [],
    body: [{ name: 'name', kind: 'text', description: 'Your name for the passkey.', isRequired: true }],
    answer: 'json',
  },
  removePasskey: {
    summary: 'Remove a passkey',
    description:
      'Removes one of your passkeys, which no longer signs in, and ends the sessions that it opened, also that of the request, unless a password or another passkey has confirmed them since. If it is your only way to sign in, the answer is 409. You must have confirmed within 5 minutes that it is you, or the answer is 403 `step_up_required`.',
    path: [{ name: 'passkey', description: 'The id of the passkey.' }],
    query: [],
    body: [],
    answer: 'none',
  },
  beginPasskeyStepUp: {
    summary: 'Begin to confirm with a passkey that it is you',
    description:
      'Answers with options for `navigator.credentials.get` with your passkeys, and with a ticket for `POST /v1/session/step-up`. An earlier ticket no longer works. Without a passkey the answer is 409. It takes no `Idempotency-Key`: a repeated request is a new one.',
    path: [],
    query: [],
    body: [],
    answer: 'json',
  },
  getSecondFactor: {
    summary: 'Describe your second factor',
    description:
      'Answers with your authenticator app, if you have one, and how many recovery codes are left.',
    path: [],
    query: [],
    body: [],
    answer: 'json',
  },
  beginSecondFactor: {
    summary: 'Begin to add an authenticator app',
    description:
      'Makes the secret of an authenticator app, which has no effect until `POST /v1/person/second-factor/confirm` has verified its first code. It replaces a secret that was not confirmed. If you have an authenticator app, the answer is 409. You must have confirmed within 5 minutes that it is you, or the answer is 403 `step_up_required`. It takes no `Idempotency-Key`: a repeated request is a new one.',
    path: [],
    query: [],
    body: [],
    answer: 'json',
  },
  removeSecondFactor: {
    summary: 'Remove your second factor',
    description:
      'Removes your authenticator app and your recovery codes. You must have verified a code in `POST /v1/session/step-up` within 5 minutes. The password is not enough: the answer is 403 `step_up_required`.',
    path: [],
    query: [],
    body: [],
    answer: 'none',
  },
  confirmSecondFactor: {
    summary: 'Verify the first code of an authenticator app',
    description:
      'Verifies the first code of the authenticator app, and answers with ten recovery codes, which are shown only once. The session gets a new cookie and counts as verified; all your other sessions end. A wrong code gets 401 `sign_in_failed`. It takes no `Idempotency-Key`: a repeated request is a new one.',
    path: [],
    query: [],
    body: [
      {
        name: 'code',
        kind: 'text',
        description: 'A code of the authenticator app, or a recovery code.',
        isRequired: true,
      },
    ],
    answer: 'json',
  },
  replaceRecoveryCodes: {
    summary: 'Replace your recovery codes',
    description:
      'Answers with ten new recovery codes, which are shown only once; the old ones no longer work. You must have verified a code in `POST /v1/session/step-up` within 5 minutes. The password is not enough: the answer is 403 `step_up_required`. It takes no `Idempotency-Key`: a repeated request is a new one.',
    path: [],
    query: [],
    body: [],
    answer: 'json',
  },
  verifySecondFactor: {
    summary: 'Send the second factor that a session lacks',
    description:
      'Verifies the second factor in a session that lacks it, such as one from a provider. Until then the session may only do this, `GET /v1/session` and `DELETE /v1/session`. The session gets a new cookie. A wrong or used code gets 401 `sign_in_failed`; after too many, 429 `rate_limited`. It takes no `Idempotency-Key`: a repeated request is a new one.',
    path: [],
    query: [],
    body: [
      {
        name: 'code',
        kind: 'text',
        description: 'A code of the authenticator app, or a recovery code.',
        isRequired: true,
      },
    ],
    answer: 'none',
  },
  listPortalKeys: {
    summary: 'List the keys of your consumer',
    description:
      'Lists the keys of your consumer, without deleted ones, and counts them. The session needs the scope `keys.read`.',
    path: [],
    query: [{ name: 'limit', kind: 'integer', description: 'The most items in the response.' }],
    body: [],
    answer: 'list',
  },
  createPortalKey: {
    summary: 'Create a key for your consumer',
    description:
      'Creates a secret key of your consumer, without roles. The `token` is shown only once. If the key that made the link has an expiry, address rules or rate limits, the new key needs bounds that are no wider. The session needs the scope `keys.create`.',
    path: [],
    query: [],
    body: [
      {
        name: 'name',
        kind: 'text',
        description: 'The name for people to read. Spaces at its ends are removed.',
        isRequired: true,
      },
      {
        name: 'expiresAt',
        kind: 'time',
        description: 'When the key expires; null for never.',
        isNullable: true,
      },
      {
        name: 'addressRules',
        kind: 'texts',
        description: 'The addresses and ranges from which the key works; empty for all.',
        isNullable: true,
      },
      {
        name: 'rateLimits',
        kind: 'json',
        description: 'The rate limits of the key; empty for none.',
        isNullable: true,
      },
    ],
    answer: 'json',
  },
  getPortalKey: {
    summary: 'Read a key of your consumer',
    description:
      'Answers with a key of your consumer, and how a roll goes on. The key of another consumer gets 404 `not_found`. The session needs the scope `keys.read`.',
    path: [{ name: 'key', description: 'The id of a key of your consumer.' }],
    query: [],
    body: [],
    answer: 'json',
  },
  deletePortalKey: {
    summary: 'Delete a key of your consumer permanently',
    description:
      'Deletes a key of your consumer for good. Gateways reject it as soon as the receipt is confirmed. The session needs the scope `keys.delete`.',
    path: [{ name: 'key', description: 'The id of a key of your consumer.' }],
    query: [
      {
        name: 'wait',
        kind: 'integer',
        description: 'How many seconds to wait until every gateway has applied the change.',
      },
    ],
    body: [],
    answer: 'json',
  },
  rollPortalKey: {
    summary:
      'Create a new secret for a key of your consumer; the old one still works during the grace period',
    description:
      'Creates a new secret for a key of your consumer; the old one works for `graceSeconds` more, by default 12 hours. The new `token` is shown only once. A key whose roles permit anything in Sallyport gets 403 `permission_missing`: it reaches beyond your consumer. The session needs the scope `keys.roll`.',
    path: [{ name: 'key', description: 'The id of a key of your consumer.' }],
    query: [
      {
        name: 'wait',
        kind: 'integer',
        description: 'How many seconds to wait until every gateway has applied the change.',
      },
    ],
    body: [
      {
        name: 'graceSeconds',
        kind: 'integer',
        description: 'How long the old secret still works, in seconds. Default: 12 hours.',
        isNullable: true,
      },
    ],
    answer: 'json',
  },
  finishPortalRoll: {
    summary: 'End the old secret of a key of your consumer now',
    description:
      'Ends the old secret of a rolling key of your consumer before its grace is over. Without a pending roll the answer is 409 `conflict`. The session needs the scope `keys.roll`.',
    path: [{ name: 'key', description: 'The id of a key of your consumer.' }],
    query: [
      {
        name: 'wait',
        kind: 'integer',
        description: 'How many seconds to wait until every gateway has applied the change.',
      },
    ],
    body: [],
    answer: 'json',
  },
  undoPortalRoll: {
    summary: 'End the new secret of a key of your consumer now and keep the old one',
    description:
      'Ends the new secret of a rolling key of your consumer, and keeps the old one. Without a pending roll the answer is 409 `conflict`. The session needs the scope `keys.roll`.',
    path: [{ name: 'key', description: 'The id of a key of your consumer.' }],
    query: [
      {
        name: 'wait',
        kind: 'integer',
        description: 'How many seconds to wait until every gateway has applied the change.',
      },
    ],
    body: [],
    answer: 'json',
  },
  listPortalPipelines: {
    summary: 'List the live pipelines that your consumer may call',
    description:
      'Lists the live deployments of the pipelines that your consumer may call, in its environment, oldest first: their URLs, and the credentials that they demand. Each portal session may read it.',
    path: [],
    query: [{ name: 'limit', kind: 'integer', description: 'The most items in the response.' }],
    body: [],
    answer: 'list',
  },
  readPortalUsage: {
    summary: 'Read how many requests your consumer made',
    description:
      'Sums up the requests of your consumer by time, and by key, secret, pipeline or outcome. The session needs the scope `usage.read`.',
    path: [],
    query: [
      { name: 'limit', kind: 'integer', description: 'The most items in the response.' },
      {
        name: 'groupBy',
        kind: 'text',
        description:
          'Sum up the requests of each of these apart. Without it, there is one sum for each interval.',
        choices: ['key', 'secret', 'pipeline', 'code'],
      },
      {
        name: 'interval',
        kind: 'text',
        description: 'The length of the intervals that are summed up. Days are those of UTC.',
        choices: ['minute', 'hour', 'day'],
      },
      {
        name: 'from',
        kind: 'past',
        description:
          'The start of the period. The interval that it is in counts whole. Default: 60 minutes, 24 hours or 30 days before the end.',
      },
      {
        name: 'to',
        kind: 'past',
        description: 'The end of the period. The interval that it is in counts whole. Default: now.',
      },
      { name: 'pipeline', kind: 'text', description: 'Only requests to this pipeline.' },
      {
        name: 'code',
        kind: 'text',
        description:
          'Only requests with this decision: `valid`, or the code of a refusal, such as `key_expired`.',
      },
      {
        name: 'key',
        kind: 'text',
        description: 'Only requests with this key, or with a JWT that was obtained with it.',
      },
    ],
    body: [],
    answer: 'list',
  },
  getPortal: {
    summary: 'Describe the portal session of this request',
    description:
      'Answers with what the session is about: its consumer, what it allows now, and when it ends.',
    path: [],
    query: [],
    body: [],
    answer: 'json',
  },
  leavePortal: {
    summary: 'End the portal session of this request',
    description: 'Ends the portal session at once and removes its cookie.',
    path: [],
    query: [],
    body: [],
    answer: 'none',
  },
  signIn: {
    summary: 'Sign in with a password',
    description:
      'Signs a person in and answers with the cookie of a session. A wrong password and an unknown address get the same 401 `sign_in_failed`. A person with a second factor who sends no `code` gets 401 `second_factor_required`. Too many failures get 429 `rate_limited`. It takes no `Idempotency-Key`: a repeated request is a new one.',
    path: [],
    query: [],
    body: [
      {
        name: 'email',
        kind: 'text',
        description: 'The e-mail address of the person, in upper or lower case.',
        isRequired: true,
      },
      { name: 'password', kind: 'text', description: 'The password.', isRequired: true },
      {
        name: 'code',
        kind: 'text',
        description: 'A code of the authenticator app or a recovery code, if the person has a second factor.',
        isNullable: true,
      },
    ],
    answer: 'json',
  },
  listSignInProviders: {
    summary: 'List the providers to sign in with',
    description: 'Lists the providers that people can sign in with.',
    path: [],
    query: [],
    body: [],
    answer: 'list',
  },
  beginProviderSignIn: {
    summary: 'Begin to sign in with a provider',
    description:
      'Begins a sign-in. Send the browser to `url`; within 10 minutes it comes back to the callback of the provider, and from there to `returnTo`, signed in. A provider that does not respond gets 503 `unavailable`; the others still work. It takes no `Idempotency-Key`: a repeated request is a new one.',
    path: [{ name: 'provider', description: 'The id of the provider in the settings.' }],
    query: [],
    body: [
      {
        name: 'returnTo',
        kind: 'text',
        description: 'The path of this server that the browser comes back to.',
        isNullable: true,
      },
    ],
    answer: 'json',
  },
  requestPasswordReset: {
    summary: 'Ask for a link to set a new password',
    description:
      'Sends a mail with a link that works once, for an hour. The answer is the same for an unknown address. Without mails, `detail` says to ask an owner. Too many requests get 429 `rate_limited`. It takes no `Idempotency-Key`: a repeated request is a new one.',
    path: [],
    query: [],
    body: [
      {
        name: 'email',
        kind: 'text',
        description: 'The e-mail address that the person signs in with.',
        isRequired: true,
      },
    ],
    answer: 'json',
  },
  resetPassword: {
    summary: 'Set a new password with a link',
    description:
      'Sets a new password with a link. All sessions and other links of the person end; it does not sign the person in, and second factors stay. A link that was used, replaced or has expired gets 410 `link_invalid`; so does a link from an owner who may by now do less than the person. The old password, or the e-mail address, gets 400 `invalid_request`, and the link goes on working. It takes no `Idempotency-Key`: a repeated request is a new one.',
    path: [],
    query: [],
    body: [
      { name: 'token', kind: 'text', description: 'The part of the link after `#`.', isRequired: true },
      {
        name: 'password',
        kind: 'text',
        description: 'The new password: 8 to 256 characters of any kind.',
        isRequired: true,
      },
    ],
    answer: 'none',
  },
  beginPasskeySignIn: {
    summary: 'Begin to sign in with a passkey',
    description:
      'Answers with options for `navigator.credentials.get`, which lets the person choose a passkey, and with a ticket. Send both results to `POST /v1/auth/passkeys/sign-in` within 5 minutes. Who begins too many sign-ins gets 429 `rate_limited`. It takes no `Idempotency-Key`: a repeated request is a new one.',
    path: [],
    query: [],
    body: [],
    answer: 'json',
  },
  signInWithPasskey: {
    summary: 'Sign in with a passkey',
    description:
      'Signs in the person whose passkey signed, and answers with the cookie of a session, which needs no other factor. Every refusal is the same 401 `sign_in_failed`. The authenticator must have verified its user, the signature must be valid for this server, and the counter must not go back. It takes no `Idempotency-Key`: a repeated request is a new one.',
    path: [],
    query: [],
    body: [
      {
        name: 'ticket',
        kind: 'text',
        description: 'The `ticket` of the answer with the options. It works once.',
        isRequired: true,
      },
      {
        name: 'response',
        kind: 'json',
        description:
          'What `toJSON()` of the credential returns that `navigator.credentials.get` found. Other members of it are not read.',
        isRequired: true,
      },
    ],
    answer: 'json',
  },
  acceptInvitation: {
    summary: 'Accept an invitation',
    description:
      'Makes the person who is signed in a member. A person without an account sends a name and a password, gets an account for the address of the invitation, and is signed in. An invitation that was accepted or withdrawn, has expired, or whose sender may no longer give its roles, gets 410 `link_invalid`. It takes no `Idempotency-Key`: a repeated request is a new one.',
    path: [],
    query: [],
    body: [
      { name: 'token', kind: 'text', description: 'The part of the link after `#`.', isRequired: true },
      {
        name: 'name',
        kind: 'text',
        description: 'The name of a person who has no account yet.',
        isNullable: true,
      },
      {
        name: 'password',
        kind: 'text',
        description: 'The password of a person who has no account yet.',
        isNullable: true,
      },
    ],
    answer: 'json',
  },
  openHandOver: {
    summary: 'Open a hand-over, once',
    description:
      'Answers once with the encrypted token, which is deleted at the same time; the page of the link decrypts it, which needs the link. An unknown id and a wrong proof both get 410 `link_invalid`, and end nothing. A hand-over that was opened, expired or withdrawn gets it with `state` and `endedAt`. While the key is switched off the answer is 409 `conflict`, and the hand-over stays pending. It takes no `Idempotency-Key`: a repeated request is a new one.',
    path: [],
    query: [],
    body: [
      {
        name: 'id',
        kind: 'text',
        description: 'The part of the link between `#` and the dot.',
        isRequired: true,
      },
      {
        name: 'proof',
        kind: 'text',
        description:
          'Derived from the part of the link after the dot, as ASCII text: 32 bytes of HKDF-SHA-256 without salt, with the info `sallyport hand-over proof`, in base64url.',
        isRequired: true,
      },
    ],
    answer: 'json',
  },
  openPortalSession: {
    summary: 'Open a portal session, once',
    description:
      'Opens the portal session of a link, once, and sets its cookie, which only the paths under `/v1/portal` receive. An unknown secret gets 410 `link_invalid`; a link that was opened, has expired or was withdrawn gets it with `state` and `endedAt`. While the consumer is switched off the answer is 409 `conflict`, and the link still works. It takes no `Idempotency-Key`: a repeated request is a new one.',
    path: [],
    query: [],
    body: [
      { name: 'secret', kind: 'text', description: 'The part of the link after `#`.', isRequired: true },
    ],
    answer: 'json',
  },
  listAuditKeys: {
    summary: 'List the public keys that sign audit logs',
    description:
      'Lists the public keys that sign the checkpoints of audit logs: one, which is made once and is the same for all processes. It needs no credential.',
    path: [],
    query: [],
    body: [],
    answer: 'list',
  },
} as const satisfies Readonly<Record<string, OperationFields>>

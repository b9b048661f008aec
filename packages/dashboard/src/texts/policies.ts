import type { Policy } from '@sallyport/sdk'
import { count, counted } from '../format/numbers.ts'

type Mode = Policy['mode']

interface ModeText {
  readonly name: string
  /** What callers do. */
  readonly callers: string
  /** What developers do. */
  readonly developers: string
  /** The mode as a sentence. */
  readonly rule: string
}

const modes: Readonly<Record<Mode, ModeText>> = {
  any: {
    name: 'Anything goes',
    callers: 'Send what the pipeline itself asks for.',
    developers: 'Deploy anything; nothing on is a warning.',
    rule: 'Callers need what each pipeline asks for.',
  },
  'api-key': {
    name: 'API key',
    callers: 'Send an API key of their consumer.',
    developers: 'Keep API key on. More may be on.',
    rule: 'Callers need an API key.',
  },
  jwt: {
    name: 'JWT',
    callers: 'Get a JWT from a login pipeline or issuer.',
    developers: 'Keep JWT on; login pipelines keep API key.',
    rule: 'Callers need a JWT.',
  },
  'jwt-and-api-key': {
    name: 'JWT and API key',
    callers: 'Send both, of the same consumer.',
    developers: 'Keep both on; login pipelines keep API key.',
    rule: 'Callers need a JWT and an API key.',
  },
}

const RULES: Readonly<Record<string, string>> = {
  'api-key-required': 'API key off',
  'jwt-required': 'JWT off',
}

/** The page of policies: what environments demand of callers, and how old keys may get. */
export const policies = {
  title: 'Policies',
  tabs: { label: 'Policies', access: 'External API access', age: 'Key age' },
  force: {
    access: 'External API access',
    in: (environments: number) => `in ${counted(environments, 'environment')}`,
    checked: 'checked at every deployment, promotion and rollback',
    age: 'Key age',
    ageChecked: 'checked at every request',
  },
  modes,
  environments: 'Environments',
  version: (version: number) => `version ${version}`,
  conforming: (conforming: number, total: number) => `${count(conforming)} of ${count(total)} conform`,
  ofTotal: (total: number) => `of ${count(total)} conform`,
  notConforming: (amount: number) => `${count(amount)} not conforming`,
  bars: (conforming: number, stopping: number, not: number) =>
    stopping === 0
      ? `${conforming} conform, ${not} do not`
      : `${conforming} conform, ${stopping} would stop conforming, ${not} do not`,
  since: 'Since',
  by: 'by',
  demands: (environment: string) => `What ${environment} demands of every exposed pipeline`,
  mode: 'Mode',
  callers: 'Callers',
  developers: 'Developers',
  inForce: 'in force',
  rule: (rule: string) => RULES[rule] ?? rule,
  preview: {
    title: 'If you save this',
    hint: 'Preview, nothing is changed yet',
    keep: (conforming: number, total: number) => `${count(conforming)} of ${count(total)} conform`,
    stop: (amount: number) => `${count(amount)} stop conforming`,
    traffic: 'Live traffic is not cut',
    effect: (amount: number, environment: string) =>
      amount === 0
        ? 'Every live deployment conforms.'
        : `${amount === 1 ? '1 deployment does not conform and keeps' : `${count(amount)} deployments do not conform and keep`} serving. The next deployment, promotion or rollback to ${environment} is refused until the pipeline conforms.`,
    caption: 'Deployments that would not conform',
    deployment: 'Deployment',
    version: 'Version',
    missing: 'Missing',
  },
  submit: (mode: Mode, environment: string) => `Set ${modes[mode].name} for ${environment}…`,
  discard: 'Discard',
  confirm: {
    title: (mode: Mode, environment: string) => `Set ${modes[mode].name} for ${environment}?`,
    submit: 'Set policy',
    done: (environment: string, gateways: number, ms: number) =>
      `The policy of ${environment} is in force on ${counted(gateways, 'gateway')} after ${count(ms)} ms`,
  },
  asksFor: (environment: string) => `You type ${environment} to confirm`,
  mayNot: 'Setting a policy needs the permission policies.write.',
  history: {
    title: (environment: string) => `History of ${environment}`,
    caption: (environment: string) => `Versions of the policy of ${environment}`,
    number: 'No.',
    mode: 'Mode',
  },
  drawer: {
    title: (environment: string) => `Not conforming in ${environment}`,
    about: 'They serve on. Their next deployment is refused until they conform.',
    all: 'Every live deployment conforms.',
    required: 'Required',
    found: 'Found',
    fix: 'Fix',
  },
  age: {
    organization: 'Keys of the organization',
    environment: (name: string) => `Keys of ${name}`,
    reminder: 'Rotation reminder',
    reminders: { none: 'None', '90': 'After 90 days', '180': 'After 180 days' },
    reminderText: (days: number | null) => (days === null ? 'No reminder' : `Reminder after ${days} days`),
    lifetime: 'Maximum lifetime of a secret, in days',
    lifetimeHint: 'Empty: no maximum. A secret that is older is refused until the key is rolled.',
    lifetimeText: (days: number | null) =>
      days === null ? 'no maximum lifetime' : `a secret ends after ${counted(days, 'day')}`,
    lifetimeDays: (days: number | null) => (days === null ? 'No maximum' : counted(days, 'day')),
    never: 'Never set',
    edit: (where: string) => `Age of the ${where}`,
    stops: (amount: number, isExact: boolean) =>
      amount === 0
        ? 'No key that works now would stop earlier.'
        : `${isExact ? '' : 'More than '}${counted(amount, 'key')} would stop earlier.`,
    stopsCaption: 'Keys that would stop earlier',
    key: 'Key',
    stopsAt: 'Stops',
    submit: 'Set key age…',
    confirmTitle: (where: string) => `Set the age of the ${where}?`,
    confirmSubmit: 'Set key age',
    done: (where: string) => `The age of the ${where} is in force`,
  },
  empty: {
    title: 'No environment yet',
    text: 'Each environment has its own policy. Create one from a shell:',
    command: (organization: string) =>
      `curl -X POST ${location.origin}/v1/organizations/${organization}/environments \\\n  -H "authorization: Bearer $OWNER" -H 'content-type: application/json' \\\n  -d '{"name": "prod"}'`,
  },
}

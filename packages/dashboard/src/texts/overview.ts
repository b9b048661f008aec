import { count, counted } from '../format/numbers.ts'

interface GatewayFacts {
  readonly id: string
  readonly role: string
  readonly version: string | null
  readonly openExchanges: number | null
  readonly clockOffsetMs: number | null
  readonly needsUpgrade: boolean
  readonly attached: boolean
}

/** The overview of an organization. */
export const overview = {
  title: 'Overview',
  period: 'Period',
  periods: { '24h': '24 h', '7d': '7 days', '30d': '30 days' },
  force: {
    modes: {
      any: (environment: string) => `No credential demanded in ${environment}`,
      'api-key': (environment: string) => `API key demanded in ${environment}`,
      jwt: (environment: string) => `JWT demanded in ${environment}`,
      'jwt-and-api-key': (environment: string) => `JWT and API key demanded in ${environment}`,
    },
    conform: (conforming: number, total: number) =>
      total === 0
        ? 'Nothing is deployed'
        : `${count(conforming)} of ${counted(total, 'deployment')} ${conforming === 1 && total === 1 ? 'conforms' : 'conform'}`,
    everywhere: (environments: number) => `in ${counted(environments, 'environment')}`,
    revision: (revision: number, current: number, all: number) =>
      `revision ${count(revision)} on ${current} of ${counted(all, 'gateway')}`,
  },
  requests: {
    title: 'Requests',
    allowed: 'allowed',
    refused: (share: string) => `refused, ${share}`,
    open: 'Open requests',
    times: 'Times in UTC',
  },
  reasons: {
    title: 'Refused by reason',
    code: 'Code',
    requests: 'Requests',
    share: 'Share',
    more: (codes: number) => `${codes} more`,
    none: 'Nothing was refused in this period.',
    see: (code: string) => `See requests refused with ${code}`,
    show: (code: string) => `Show ${code} in the chart`,
    hint: 'Choose a reason to see when it occurred.',
  },
  none: {
    title: 'No request in this period',
    text: 'As soon as a pipeline is deployed, call it with a key. The request appears here after about a second.',
    guided: 'The first one appears here about a second after it was made.',
    command: (organization: string, environment: string) =>
      `curl -H "x-api-key: $KEY" $GATEWAY/${organization}/${environment}/orders`,
  },
  attention: {
    title: 'Keys that need attention',
    all: 'All keys',
    of: (keys: number, isExact: boolean) => `${isExact ? '' : 'more than '}${counted(keys, 'key')} in all`,
    none: 'No key needs attention.',
    kinds: {
      overdue: (keys: string) => `${keys} overdue for a roll`,
      due: (keys: string) => `${keys} due for a roll`,
      expiring: (keys: string, isOne: boolean) => `${keys} ${isOne ? 'expires' : 'expire'} within 30 days`,
      oldSecret: (keys: string) => `${keys} still used with the old secret`,
      neverUsed: (keys: string) => `${keys} never used`,
      unused: (keys: string) => `${keys} unused for 90 days`,
    },
    leaked: 'Key leaked and still works',
    count: (keys: number, isExact: boolean) => `${isExact ? '' : 'More than '}${counted(keys, 'key')}`,
    names: (names: readonly string[], more: number) =>
      more > 0 ? `${names.join(', ')} and ${count(more)} more` : names.join(', '),
  },
  conformity: {
    title: 'Conformity',
    open: 'Policies',
    of: (conforming: number, total: number) => `${count(conforming)} of ${count(total)}`,
    label: (conforming: number, others: number) => `${conforming} conform, ${others} do not`,
    empty: 'Nothing is deployed here.',
  },
  changes: {
    title: 'Recent changes',
    open: 'Audit log',
    when: 'When',
    what: 'Change',
    by: 'By',
    none: 'No change yet.',
  },
  gateways: {
    title: 'Gateways',
    gateway: 'Gateway',
    snapshot: 'Snapshot',
    seen: 'Seen',
    current: 'Current',
    behind: 'Behind',
    cutOff: 'Cut off',
    /** It gets no changes, because its release would misread one of them. */
    needsUpgrade: 'Upgrade',
    /** It has enrolled, and has nothing to decide by. */
    neverAttached: 'Not started',
    /** What is known of a gateway besides, for its title. */
    facts: ({ id, role, version, openExchanges, clockOffsetMs, needsUpgrade, attached }: GatewayFacts) =>
      [
        id,
        role === 'gateway' ? null : role,
        attached ? null : 'never connected, so it decides nothing',
        needsUpgrade ? 'gets no changes until it is upgraded' : null,
        version === null ? null : `version ${version}`,
        openExchanges === null ? null : `${count(openExchanges)} open`,
        clockOffsetMs === null
          ? null
          : `clock ${count(Math.abs(clockOffsetMs))} ms ${clockOffsetMs < 0 ? 'behind' : 'ahead'}`,
      ]
        .filter((fact) => fact !== null)
        .join(', '),
    more: (others: number) => `${counted(others, 'more gateway')}. GET /gateways lists all.`,
    revision: (revision: string) => `revision ${revision}`,
    none: 'No gateway reports. Without one, every call fails.',
    /** What is listed besides gateways. */
    roles: { control: 'Control node', relay: 'Relay', gate: 'Gate' } as Readonly<Record<string, string>>,
  },
  nothing: 'Your roles show nothing on this page. Ask an owner of the organization for a role that does.',
}

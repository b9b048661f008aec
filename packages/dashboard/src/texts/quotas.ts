import type { Quotas } from '@sallyport/sdk'
import { bytes } from '../format/bytes.ts'
import { count, share } from '../format/numbers.ts'

/** A part in whole percents, rounded down so that only what is used up is at 100%. */
function percents(part: number): string {
  return part > 0 && part < 0.01 ? '< 1%' : share(Math.floor(100 * part), 100)
}

type Name = keyof Quotas

const names: Readonly<Record<Name, string>> = {
  keys: 'Keys',
  consumers: 'Consumers',
  pipelines: 'Pipelines',
  versions: 'Versions',
  versionBytes: 'Size of versions',
  deployments: 'Live deployments',
  routes: 'Routes',
}

const amount = (name: Name, value: number): string => (name === 'versionBytes' ? bytes(value) : count(value))

/** The page of quotas. */
export const quotas = {
  title: 'Quotas',
  caption: 'Quotas of the organization',
  force: {
    free: 'No limit is near',
    near: (quota: Name, part: number) => `${names[quota]}: ${percents(part)} of the limit is used`,
    full: (quota: Name) => `${names[quota]}: the limit is used up`,
    rule: 'a request that would exceed a limit is refused with quota_exceeded',
  },
  names,
  counts: {
    keys: 'That are not deleted',
    consumers: 'In all environments',
    pipelines: 'In all projects',
    versions: 'Of all pipelines',
    versionBytes: 'As they are stored',
    deployments: 'In all environments',
    routes: 'Of live deployments',
  } satisfies Record<Name, string>,
  columns: { quota: 'Quota', used: 'Used of the limit', share: 'Share' },
  amount,
  of: (name: Name, limit: number) => `of ${amount(name, limit)}`,
  part: percents,
  states: { near: 'Nearly used up', full: 'Used up' },
  raise: {
    title: 'Raise a limit',
    text: 'The operator of this server raises it with the setting SALLYPORT_QUOTAS, for this organization or for all, and starts the server again. Until then, delete what you no longer need.',
    label: 'The setting with a higher limit',
    setting: (organization: string, quota: Name, limit: number) =>
      `SALLYPORT_QUOTAS=${organization}/${quota}=${limit}`,
    lowered: 'A lowered limit removes nothing. It only refuses more.',
  },
}

import type { ExternalKeyRow } from '../../port/external-keys.ts'
import { change } from './audit-events.ts'
import { type Example, FIRST_MS, type Seed, createdColumns, createdList } from './example.ts'
import { keyId } from './keys.ts'

export function externalKey(
  organization: string,
  id: string,
  more: Partial<ExternalKeyRow> & Pick<ExternalKeyRow, 'owner' | 'keyId'>,
): ExternalKeyRow {
  return {
    organization,
    id,
    label: `label of ${id}`,
    roles: ['invoker'],
    active: true,
    allowed: true,
    addressRules: [],
    rateLimits: [],
    createdAtMs: FIRST_MS,
    createdBy: 'setup',
    ...more,
  }
}

/** The key is the organization's own, so that each organization's examples are complete by themselves. */
const row = ({ owner, index, id, createdAtMs }: Seed): ExternalKeyRow =>
  externalKey(owner, id, { owner, keyId: keyId(`${owner}o${index}`), createdAtMs })

export const externalKeysExample: Example<ExternalKeyRow> = {
  isTenant: true,
  feedKind: 'external-key',
  row,
  insert: (store, seed) => change(store, seed.owner, (tx) => tx.externalKeys.insert(row(seed))),
  get: (read, { owner, id }) => read.externalKeys.get(owner, id),
  queries: (read, seed) => {
    const { keyId: key } = row(seed)
    return [
      read.externalKeys.find(seed.owner, key),
      read.externalKeys.countOfOrganization(seed.owner),
      read.externalKeys.acceptedBy(seed.owner, key),
      read.externalKeys.partnersOf(seed.owner),
      read.externalKeys.partnerKeys([key]),
      // Nothing counts uses here; an empty map is a result.
      read.externalKeys.lastUses(seed.owner, [key]),
    ]
  },
  lists: { externalKeys: createdList((read, { owner }, page) => read.externalKeys.list(owner, page)) },
  update: (store, seed) =>
    change(store, seed.owner, (tx) => tx.externalKeys.update({ ...row(seed), roles: [], active: false })),
  rowUpdate: {
    apply: (tx, updated) => tx.externalKeys.update(updated),
    changes: {
      label: null,
      roles: ['auditor', 'invoker'],
      active: false,
      addressRules: ['::1/128'],
      rateLimits: [{ requests: 1, per: 'minute', by: 'credential' }],
    },
  },
  remove: (store, { owner, id }) => change(store, owner, (tx) => tx.externalKeys.remove(owner, id)),
  duplicates: { external_keys_key: (tx, seed, id) => tx.externalKeys.insert({ ...row(seed), id }) },
  since: 8,
  stored(seed) {
    const { organization, id, keyId: key, owner, label, roles, ...rest } = row(seed)
    return [
      [
        'external_keys',
        {
          organization,
          id,
          key_id: key,
          owner,
          label,
          roles_json: JSON.stringify(roles),
          active: 1,
          allowed: 1,
          address_rules_json: '[]',
          rate_limits_json: '[]',
          ...createdColumns(rest),
        },
      ],
    ]
  },
}

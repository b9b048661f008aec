import type { RoleRow } from '../../port/roles.ts'
import { change } from './audit-events.ts'
import { type Example, FIRST_MS, type Seed, createdColumns } from './example.ts'

export function role(owner: string, name: string, more: Partial<RoleRow> = {}): RoleRow {
  return {
    organization: owner,
    id: `id of ${name}`,
    name,
    permissions: [{ permission: 'pipelines.invoke', environment: 'test' }],
    createdAtMs: FIRST_MS,
    createdBy: 'setup',
    updatedAtMs: FIRST_MS,
    updatedBy: 'setup',
    ...more,
  }
}

const row = ({ owner, id, createdAtMs }: Seed): RoleRow => role(owner, id, { createdAtMs })

export const rolesExample: Example<RoleRow> = {
  isTenant: true,
  feedKind: 'role',
  row,
  insert: (store, seed) => change(store, seed.owner, (tx) => tx.roles.insert(row(seed))),
  get: (read, { owner, id }) => read.roles.get(owner, id),
  // The holders are the keys of the organization itself, which the examples of keys insert.
  queries: (read, { owner, id }) => [
    read.roles.all(owner),
    read.roles.named([owner], [id]),
    read.roles.holders(owner, 'owner', 10),
    read.roles.countHolders(owner, 'owner'),
  ],
  lists: {},
  update: (store, seed) =>
    change(store, seed.owner, (tx) => tx.roles.update({ ...row(seed), permissions: [], updatedBy: 'key_1' })),
  rowUpdate: {
    apply: (tx, updated) => tx.roles.update(updated),
    changes: {
      permissions: [{ permission: 'keys.read' }],
      updatedAtMs: FIRST_MS + 9,
      updatedBy: 'key_1',
    },
  },
  remove: (store, { owner, id }) => change(store, owner, (tx) => tx.roles.remove(owner, id)),
  duplicates: { roles_name: (tx, seed, id) => tx.roles.insert({ ...row(seed), id }) },
  since: 7,
  stored(seed) {
    const { organization, id, name, permissions, updatedAtMs, updatedBy, ...rest } = row(seed)
    return [
      [
        'roles',
        {
          organization,
          id,
          name,
          permissions_json: JSON.stringify(permissions),
          ...createdColumns(rest),
          updated_at: updatedAtMs,
          updated_by: updatedBy,
        },
      ],
    ]
  },
}

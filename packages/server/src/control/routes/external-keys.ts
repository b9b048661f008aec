import { addExternalKey } from '../../app/external-keys/add-external-key.ts'
import type { ExternalKeyFacts } from '../../app/external-keys/external-key-facts.ts'
import { getExternalKey, listExternalKeys } from '../../app/external-keys/reading.ts'
import { removeExternalKey } from '../../app/external-keys/remove-external-key.ts'
import { updateExternalKey } from '../../app/external-keys/update-external-key.ts'
import {
  externalKey,
  externalKeyChange,
  externalKeyChanged,
  externalKeyCreation,
} from '../../contract/external-keys.ts'
import { timestampAnswer } from '../answers/timestamp.ts'
import { type ControlApi, resourceRoutes } from '../routing/resource-routes.ts'

const all = '/v1/organizations/:organization/external-keys'
const one = `${all}/:externalKey` as const

function externalKeyAnswer({ row, ownerName, inactiveBecause, lastUsedAtMs }: ExternalKeyFacts) {
  return {
    id: row.id,
    keyId: row.keyId,
    owner: { slug: row.owner, name: ownerName },
    label: row.label,
    roles: [...row.roles],
    addedAt: timestampAnswer(row.createdAtMs),
    addedBy: row.createdBy,
    ...(inactiveBecause === null
      ? { status: 'active' as const }
      : { status: 'inactive' as const, reason: inactiveBecause }),
    lastUsedAt: lastUsedAtMs === null ? null : timestampAnswer(lastUsedAtMs),
    addressRules: [...row.addressRules],
    rateLimits: row.rateLimits.map((limit) => ({ ...limit })),
  }
}

export function externalKeyRoutes(api: ControlApi): void {
  const routes = resourceRoutes(api, 'External keys')

  routes.list(
    { path: all, operationId: 'listExternalKeys', summary: 'List the external keys', item: externalKey },
    listExternalKeys,
    externalKeyAnswer,
  )

  routes.create(
    {
      path: all,
      operationId: 'addExternalKey',
      access: { permission: 'external-keys.write' },
      summary: "Add another organization's key",
      body: externalKeyCreation,
      answer: externalKey,
    },
    addExternalKey,
    ({ result }) => externalKeyAnswer(result),
  )

  routes.read(
    {
      path: one,
      operationId: 'getExternalKey',
      summary: 'Read an external key',
      observed: ['lastUsedAt'],
      answer: externalKey,
    },
    getExternalKey,
    externalKeyAnswer,
  )

  routes.change(
    {
      path: one,
      operationId: 'updateExternalKey',
      access: { permission: 'external-keys.write', on: 'externalKey' },
      summary: 'Update an external key, or switch it off or on',
      body: externalKeyChange,
      answer: externalKeyChanged,
    },
    (context, { status, ...input }) =>
      updateExternalKey(context, {
        ...input,
        active: status === undefined ? undefined : status === 'active',
      }),
    (result) => ({ externalKey: externalKeyAnswer(result.externalKey) }),
  )

  routes.remove(
    {
      path: one,
      operationId: 'removeExternalKey',
      access: { permission: 'external-keys.write', on: 'externalKey' },
      summary: 'Remove an external key',
    },
    removeExternalKey,
  )
}

import { getAcceptances, getOrganizationAcceptance, listAcceptances } from '../../app/acceptances/reading.ts'
import {
  setKeyAcceptance,
  setOrganizationAcceptance,
  type SetAcceptance,
} from '../../app/acceptances/set-acceptance.ts'
import {
  acceptanceChange,
  acceptanceChanged,
  acceptances,
  acceptedKey,
  organizationAcceptance,
} from '../../contract/acceptances.ts'
import { timestampAnswer } from '../answers/timestamp.ts'
import { type ControlApi, resourceRoutes } from '../routing/resource-routes.ts'

const answerOf = ({ allowed }: Pick<SetAcceptance, 'allowed'>) => ({ allowed })

const organization = '/v1/organizations/:organization'
const ofKey = `${organization}/keys/:key/acceptances` as const
const ofPartner = `${ofKey}/:partner` as const
const ofOrganization = `${organization}/settings/acceptances` as const

export function acceptanceRoutes(api: ControlApi): void {
  const routes = resourceRoutes(api, 'External keys')

  routes.list(
    {
      path: `${organization}/acceptances`,
      operationId: 'listAcceptances',
      summary: 'List which organizations accept keys of the organization',
      item: acceptedKey,
    },
    listAcceptances,
    ({ keyId, keyName, partner, partnerName, forbiddenBy, active, createdAtMs, lastUsedAtMs }) => ({
      key: { id: keyId, name: keyName },
      organization: { slug: partner, name: partnerName },
      forbiddenBy: [...forbiddenBy],
      status: active ? ('active' as const) : ('inactive' as const),
      addedAt: timestampAnswer(createdAtMs),
      lastUsedAt: lastUsedAtMs === null ? null : timestampAnswer(lastUsedAtMs),
    }),
  )

  routes.read(
    {
      path: ofOrganization,
      operationId: 'getOrganizationAcceptance',
      summary: 'Read whether other organizations may accept keys of the organization',
      answer: organizationAcceptance,
    },
    getOrganizationAcceptance,
    answerOf,
  )

  routes.read(
    {
      path: ofKey,
      operationId: 'getAcceptances',
      summary: 'Read which organizations accept a key',
      answer: acceptances,
    },
    getAcceptances,
    ({ allowed, allowedForOrganization, items }) => ({
      allowed,
      allowedForOrganization,
      items: items.map(({ partner, name, addedAtMs, active, ...item }) => ({
        organization: { slug: partner, name },
        allowed: item.forbiddenBy.length === 0,
        forbiddenBy: [...item.forbiddenBy],
        addedAt: addedAtMs === null ? null : timestampAnswer(addedAtMs),
        status: addedAtMs === null ? null : active ? ('active' as const) : ('inactive' as const),
      })),
    }),
  )

  routes.set(
    {
      path: ofKey,
      operationId: 'setKeyAcceptance',
      access: { permission: 'keys.write', on: 'key' },
      summary: 'Forbid or allow that other organizations accept a key',
      body: acceptanceChange,
      answer: acceptanceChanged,
    },
    setKeyAcceptance,
    answerOf,
  )

  routes.set(
    {
      path: ofPartner,
      operationId: 'setPartnerAcceptance',
      access: { permission: 'keys.write', on: 'key' },
      summary: 'Forbid or allow that one organization accepts a key',
      body: acceptanceChange,
      answer: acceptanceChanged,
    },
    setKeyAcceptance,
    answerOf,
  )

  routes.set(
    {
      path: ofOrganization,
      operationId: 'setOrganizationAcceptance',
      access: { permission: 'keys.write' },
      summary: "Forbid or allow that other organizations accept the organization's keys",
      body: acceptanceChange,
      answer: acceptanceChanged,
    },
    setOrganizationAcceptance,
    answerOf,
  )
}

import { EXTERNAL_API_ACCESS, type Violation } from '@sallyport/core'
import {
  getConformity,
  getPolicy,
  listPolicyVersions,
  type PolicyWithConformity,
} from '../../app/policies/reading.ts'
import { setPolicy } from '../../app/policies/set-policy.ts'
import {
  conformityItem,
  policy,
  policyChange,
  policyChanged,
  policyVersion,
} from '../../contract/policies.ts'
import { waitQuery } from '../../contract/receipt.ts'
import type { PolicyRow } from '../../store/port/policies.ts'
import { timestampAnswer } from '../answers/timestamp.ts'
import { pathParameters } from '../routing/path-parameters.ts'
import { type ControlApi, resourceRoutes } from '../routing/resource-routes.ts'
import { documented } from '../routing/route-schema.ts'

const environmentPath = '/v1/organizations/:organization/environments/:environment'
const policyPath = `${environmentPath}/policies/${EXTERNAL_API_ACCESS}` as const

function policyAnswer({ policy: row, conformity }: PolicyWithConformity) {
  return { ...savedAnswer(row), conformity: { ...conformity } }
}

function savedAnswer({ mode, version, createdAtMs, createdBy }: PolicyRow) {
  return { mode, version, updatedAt: timestampAnswer(createdAtMs), updatedBy: createdBy }
}

function violationAnswers(violations: readonly Violation[]): Violation[] {
  return violations.map((violation) => ({ ...violation }))
}

export function policyRoutes(api: ControlApi): void {
  const { app, operations, preconditions } = api
  const routes = resourceRoutes(api, 'Policies')

  routes.read(
    {
      path: policyPath,
      operationId: 'getPolicy',
      summary: 'Read the policy of an environment',
      observed: ['conformity'],
      answer: policy,
    },
    getPolicy,
    policyAnswer,
  )

  app.put(
    policyPath,
    {
      config: { access: { permission: 'policies.write', on: 'environment' } },
      schema: {
        ...documented('Policies', 'setPolicy', 'Change the policy of an environment, or check the effect'),
        ...preconditions.headersOf(policyPath),
        params: pathParameters(policyPath),
        querystring: waitQuery,
        body: policyChange,
        response: { 200: policyChanged },
      },
    },
    async (request) => {
      const input = { ...request.body, ...request.params }
      // A dry run changes nothing that a gateway could confirm.
      const { result, receipt } = input.dryRun
        ? { result: await setPolicy(operations.contextOf(request), input), receipt: undefined }
        : await operations.change(request, request.query.wait, (context) => setPolicy(context, input))
      return {
        ...policyAnswer(result),
        affected: result.affected.map((item) => ({
          ...item,
          violations: violationAnswers(item.violations),
        })),
        receipt,
      }
    },
  )

  routes.list(
    {
      path: `${policyPath}/versions`,
      operationId: 'listPolicyVersions',
      summary: 'List the versions of the policy of an environment',
      item: policyVersion,
    },
    listPolicyVersions,
    (row) => ({ ...savedAnswer(row), createdAt: timestampAnswer(row.createdAtMs) }),
  )

  routes.list(
    {
      path: `${environmentPath}/conformity`,
      operationId: 'getConformity',
      summary: 'List how each live deployment conforms to the policy',
      item: conformityItem,
    },
    getConformity,
    (item) => ({ ...item, violations: violationAnswers(item.violations) }),
  )
}

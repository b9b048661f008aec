import { EXTERNAL_API_ACCESS, type Violation } from '@sallyport/core'
import { getConformity } from '../../app/policies/get-conformity.ts'
import { getPolicy, type PolicyWithConformity } from '../../app/policies/get-policy.ts'
import { listPolicyVersions } from '../../app/policies/list-policy-versions.ts'
import { setPolicy } from '../../app/policies/set-policy.ts'
import { pathParameters } from '../../contract/fields/names.ts'
import { pageOf, pageQuery } from '../../contract/fields/paging.ts'
import {
  conformityItem,
  policy,
  policyChange,
  policyChanged,
  policyVersion,
} from '../../contract/policies.ts'
import { waitQuery } from '../../contract/fields/receipt.ts'
import type { PolicyRow } from '../../store/port/policies.ts'
import type { ControlApp } from '../routing/control-app.ts'
import { momentAnswer } from '../answers/timestamp.ts'
import type { Operations } from '../routing/operations.ts'
import { pageAnswer } from '../answers/page-answer.ts'
import { documented } from '../routing/route-schema.ts'

const environmentPath = '/v1/organizations/:org/environments/:env'
const policyPath = `${environmentPath}/policies/${EXTERNAL_API_ACCESS}`
const params = pathParameters('org', 'env')

function policyAnswer({ policy: row, conformity }: PolicyWithConformity) {
  return { ...savedAnswer(row), conformity: { ...conformity } }
}

function savedAnswer({ mode, version, createdAtMs, createdBy }: PolicyRow) {
  return { mode, version, updatedAt: momentAnswer(createdAtMs), updatedBy: createdBy }
}

function violationAnswers(violations: readonly Violation[]): Violation[] {
  return violations.map((violation) => ({ ...violation }))
}

export function policyRoutes(app: ControlApp, operations: Operations): void {
  app.get(
    policyPath,
    {
      schema: {
        ...documented('Policies', 'getPolicy', 'Read what an environment demands of its deployments'),
        params,
        response: { 200: policy },
      },
    },
    async (request) =>
      policyAnswer(
        await getPolicy(operations.reading(request), {
          organization: request.params.org,
          environment: request.params.env,
        }),
      ),
  )

  app.put(
    policyPath,
    {
      schema: {
        ...documented('Policies', 'setPolicy', 'Change, or try, what an environment demands'),
        params,
        querystring: waitQuery,
        body: policyChange,
        response: { 200: policyChanged },
      },
    },
    async (request) => {
      const { dryRun, mode } = request.body
      const input = { organization: request.params.org, environment: request.params.env, mode, dryRun }
      // A trial changes nothing that a gateway could confirm.
      const { changed, receipt } = dryRun
        ? { changed: await setPolicy(operations.reading(request), input), receipt: undefined }
        : await operations.change(request, request.query.wait, (context) => setPolicy(context, input))
      return {
        ...policyAnswer(changed),
        affected: changed.affected.map((item) => ({
          ...item,
          violations: violationAnswers(item.violations),
        })),
        receipt,
      }
    },
  )

  app.get(
    `${policyPath}/versions`,
    {
      schema: {
        ...documented('Policies', 'listPolicyVersions', 'List what an environment demanded when'),
        params,
        querystring: pageQuery,
        response: { 200: pageOf(policyVersion) },
      },
    },
    async (request) =>
      pageAnswer(
        await listPolicyVersions(operations.reading(request), {
          organization: request.params.org,
          environment: request.params.env,
          ...request.query,
        }),
        (row) => ({ ...savedAnswer(row), createdAt: momentAnswer(row.createdAtMs) }),
      ),
  )

  app.get(
    `${environmentPath}/conformity`,
    {
      schema: {
        ...documented('Policies', 'getConformity', 'List how each deployment stands to the policy'),
        params,
        querystring: pageQuery,
        response: { 200: pageOf(conformityItem) },
      },
    },
    async (request) =>
      pageAnswer(
        await getConformity(operations.reading(request), {
          organization: request.params.org,
          environment: request.params.env,
          ...request.query,
        }),
        (item) => ({ ...item, violations: violationAnswers(item.violations) }),
      ),
  )
}

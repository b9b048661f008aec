import { createOrganization } from '../../app/organizations/create-organization.ts'
import { getOrganization } from '../../app/organizations/get-organization.ts'
import { listOrganizations } from '../../app/organizations/list-organizations.ts'
import { renameOrganization } from '../../app/organizations/rename-organization.ts'
import { pathParameters } from '../../contract/fields/names.ts'
import {
  organization,
  organizationChange,
  organizationChanged,
  organizationCreated,
  organizationCreation,
} from '../../contract/organizations.ts'
import { pageOf, pageQuery } from '../../contract/fields/paging.ts'
import { waitQuery } from '../../contract/fields/receipt.ts'
import type { ControlApp } from '../routing/control-app.ts'
import type { Operations } from '../routing/operations.ts'
import { foundedAnswer, organizationAnswer } from '../answers/organization-answer.ts'
import { pageAnswer } from '../answers/page-answer.ts'
import { documented, documentedCreation } from '../routing/route-schema.ts'

const params = pathParameters('org')

export function organizationRoutes(app: ControlApp, operations: Operations): void {
  app.get(
    '/v1/organizations',
    {
      schema: {
        ...documented('Organizations', 'listOrganizations', 'List the organizations that you may see'),
        querystring: pageQuery,
        response: { 200: pageOf(organization) },
      },
    },
    async (request) =>
      pageAnswer(await listOrganizations(operations.reading(request), request.query), organizationAnswer),
  )

  app.post(
    '/v1/organizations',
    {
      schema: {
        ...documentedCreation(
          'Organizations',
          'createOrganization',
          'Make an organization and its owner key',
        ),
        body: organizationCreation,
        response: { 201: organizationCreated },
      },
    },
    async (request, reply) =>
      foundedAnswer(
        await operations.create(request, reply, (context) => createOrganization(context, request.body)),
      ),
  )

  app.get(
    '/v1/organizations/:org',
    {
      schema: {
        ...documented('Organizations', 'getOrganization', 'Read an organization'),
        params,
        response: { 200: organization },
      },
    },
    async (request) =>
      organizationAnswer(
        await getOrganization(operations.reading(request), { organization: request.params.org }),
      ),
  )

  app.patch(
    '/v1/organizations/:org',
    {
      schema: {
        ...documented('Organizations', 'renameOrganization', 'Rename an organization'),
        params,
        querystring: waitQuery,
        body: organizationChange,
        response: { 200: organizationChanged },
      },
    },
    async (request) => {
      const { changed, receipt } = await operations.change(request, request.query.wait, (context) =>
        renameOrganization(context, { organization: request.params.org, name: request.body.name }),
      )
      return { organization: organizationAnswer(changed.organization), receipt }
    },
  )
}

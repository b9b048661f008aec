import { createOrganization } from '../../app/organizations/create-organization.ts'
import { getOrganization, listOrganizations } from '../../app/organizations/reading.ts'
import { updateOrganization } from '../../app/organizations/update-organization.ts'
import {
  organization,
  organizationChange,
  organizationChanged,
  organizationCreated,
  organizationCreation,
} from '../../contract/organizations.ts'
import { newOrganizationAnswer, organizationAnswer } from '../answers/organization-answer.ts'
import { type ControlApi, resourceRoutes } from '../routing/resource-routes.ts'

const all = '/v1/organizations'
const one = `${all}/:organization` as const

export function organizationRoutes(api: ControlApi): void {
  const routes = resourceRoutes(api, 'Organizations')

  routes.list(
    {
      path: all,
      operationId: 'listOrganizations',
      summary: 'List the organizations that you may read',
      item: organization,
    },
    listOrganizations,
    organizationAnswer,
  )

  routes.create(
    {
      path: all,
      operationId: 'createOrganization',
      access: { permission: 'organization.write', everyPerson: true },
      summary: 'Create an organization and its owner key',
      body: organizationCreation,
      answer: organizationCreated,
    },
    createOrganization,
    newOrganizationAnswer,
  )

  routes.read(
    { path: one, operationId: 'getOrganization', summary: 'Read an organization', answer: organization },
    getOrganization,
    organizationAnswer,
  )

  routes.change(
    {
      path: one,
      operationId: 'updateOrganization',
      access: { permission: 'organization.write' },
      summary: 'Update an organization',
      body: organizationChange,
      answer: organizationChanged,
    },
    updateOrganization,
    (result) => ({ organization: organizationAnswer(result.organization) }),
  )
}

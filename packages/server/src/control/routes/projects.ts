import { createProject } from '../../app/projects/create-project.ts'
import { describeProject } from '../../app/projects/describe-project.ts'
import { getProject, listProjects } from '../../app/projects/reading.ts'
import { removeProject } from '../../app/projects/remove-project.ts'
import { project, projectChange, projectChanged, projectCreation } from '../../contract/projects.ts'
import type { ProjectRow } from '../../store/port/projects.ts'
import { timestampAnswer } from '../answers/timestamp.ts'
import { type ControlApi, resourceRoutes } from '../routing/resource-routes.ts'

const all = '/v1/organizations/:organization/projects'
const one = `${all}/:project` as const

function projectAnswer({ name, description, createdAtMs }: ProjectRow) {
  return { name, description, createdAt: timestampAnswer(createdAtMs) }
}

export function projectRoutes(api: ControlApi): void {
  const routes = resourceRoutes(api, 'Projects')

  routes.list(
    { path: all, operationId: 'listProjects', summary: 'List the projects', item: project },
    listProjects,
    projectAnswer,
  )

  routes.create(
    {
      path: all,
      operationId: 'createProject',
      access: { permission: 'pipelines.write' },
      summary: 'Create a project',
      body: projectCreation,
      answer: project,
    },
    createProject,
    ({ result }) => projectAnswer(result),
  )

  routes.read(
    { path: one, operationId: 'getProject', summary: 'Read a project', answer: project },
    getProject,
    projectAnswer,
  )

  routes.change(
    {
      path: one,
      operationId: 'describeProject',
      access: { permission: 'pipelines.write', on: 'project' },
      summary: 'Change the description of a project',
      body: projectChange,
      answer: projectChanged,
    },
    describeProject,
    (result) => ({ project: projectAnswer(result.project) }),
  )

  routes.remove(
    {
      path: one,
      operationId: 'removeProject',
      access: { permission: 'pipelines.write', on: 'project' },
      summary: 'Remove an empty project',
    },
    removeProject,
  )
}

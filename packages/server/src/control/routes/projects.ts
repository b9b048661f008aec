import { createProject } from '../../app/projects/create-project.ts'
import { describeProject } from '../../app/projects/describe-project.ts'
import { getProject } from '../../app/projects/get-project.ts'
import { listProjects } from '../../app/projects/list-projects.ts'
import { removeProject } from '../../app/projects/remove-project.ts'
import { pathParameters } from '../../contract/fields/names.ts'
import { pageOf, pageQuery } from '../../contract/fields/paging.ts'
import { project, projectChange, projectChanged, projectCreation } from '../../contract/projects.ts'
import { removedAnswer, waitQuery } from '../../contract/fields/receipt.ts'
import type { ProjectRow } from '../../store/port/projects.ts'
import type { ControlApp } from '../routing/control-app.ts'
import { momentAnswer } from '../answers/timestamp.ts'
import type { Operations } from '../routing/operations.ts'
import { pageAnswer } from '../answers/page-answer.ts'
import { documented, documentedCreation } from '../routing/route-schema.ts'

const all = '/v1/organizations/:org/projects'
const one = `${all}/:project`
const params = pathParameters('org', 'project')

function projectAnswer({ name, description, createdAtMs }: ProjectRow) {
  return { name, description, createdAt: momentAnswer(createdAtMs) }
}

export function projectRoutes(app: ControlApp, operations: Operations): void {
  app.get(
    all,
    {
      schema: {
        ...documented('Projects', 'listProjects', 'List the projects'),
        params: pathParameters('org'),
        querystring: pageQuery,
        response: { 200: pageOf(project) },
      },
    },
    async (request) =>
      pageAnswer(
        await listProjects(operations.reading(request), {
          organization: request.params.org,
          ...request.query,
        }),
        projectAnswer,
      ),
  )

  app.post(
    all,
    {
      schema: {
        ...documentedCreation('Projects', 'createProject', 'Make a project'),
        params: pathParameters('org'),
        body: projectCreation,
        response: { 201: project },
      },
    },
    async (request, reply) => {
      const { made } = await operations.create(request, reply, (context) =>
        createProject(context, { organization: request.params.org, ...request.body }),
      )
      return projectAnswer(made)
    },
  )

  app.get(
    one,
    {
      schema: {
        ...documented('Projects', 'getProject', 'Read a project'),
        params,
        response: { 200: project },
      },
    },
    async (request) =>
      projectAnswer(
        await getProject(operations.reading(request), {
          organization: request.params.org,
          project: request.params.project,
        }),
      ),
  )

  app.patch(
    one,
    {
      schema: {
        ...documented('Projects', 'describeProject', 'Describe a project anew'),
        params,
        querystring: waitQuery,
        body: projectChange,
        response: { 200: projectChanged },
      },
    },
    async (request) => {
      const { changed, receipt } = await operations.change(request, request.query.wait, (context) =>
        describeProject(context, {
          organization: request.params.org,
          project: request.params.project,
          description: request.body.description,
        }),
      )
      return { project: projectAnswer(changed.project), receipt }
    },
  )

  app.delete(
    one,
    {
      schema: {
        ...documented('Projects', 'removeProject', 'Remove an empty project'),
        params,
        querystring: waitQuery,
        response: { 200: removedAnswer },
      },
    },
    async (request) => {
      const { receipt } = await operations.change(request, request.query.wait, (context) =>
        removeProject(context, { organization: request.params.org, project: request.params.project }),
      )
      return { receipt }
    },
  )
}

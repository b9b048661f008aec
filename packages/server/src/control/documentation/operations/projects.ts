import type { ResourceTexts } from './operation-text.ts'

const path = { project: 'billing' }

export const PROJECTS: ResourceTexts = {
  tag: { name: 'Projects', description: 'A project groups pipelines.' },
  operations: {
    listProjects: {
      description: 'Lists the projects. Every organization has the project `default`.',
      permissions: ['pipelines.read'],
      example: {},
    },
    createProject: {
      description: 'Creates an empty project. A name that is taken gets 409 `conflict`.',
      permissions: ['pipelines.write'],
      example: { body: { name: 'billing', description: 'Invoices and payments' } },
    },
    getProject: {
      description: 'Answers with one project.',
      permissions: ['pipelines.read'],
      example: { path, after: ['createProject'] },
    },
    describeProject: {
      description: 'Changes the description of a project. Its name never changes.',
      permissions: ['pipelines.write'],
      example: { path, body: { description: 'Invoices, payments and refunds' }, after: ['createProject'] },
    },
    removeProject: {
      description:
        'Removes a project without pipelines, also from the consumers that have it. A project that still has pipelines, and the project `default`, get 409 `conflict`.',
      permissions: ['pipelines.write'],
      example: { path, after: ['getProject', 'describeProject', 'removeConsumerProject'] },
    },
  },
}

import type { Conformity, ListedDeployment } from '@sallyport/sdk'
import { expect, test } from 'vitest'
import { fittingRows, pipelineRows } from './rows.ts'

const pipelines = [
  { name: 'orders', version: '1.0', project: 'logistics', createdAt: '2026-11-02T00:00:00Z' },
  { name: 'invoices', version: '1.0', project: 'billing', createdAt: '2026-11-03T00:00:00Z' },
  { name: 'parcels', version: '1.0', project: 'logistics', createdAt: '2026-11-01T00:00:00Z' },
]

function deployed(id: string, pipeline: string, environment: string, version: string): ListedDeployment {
  return {
    id,
    pipeline,
    environment,
    version,
    project: 'logistics',
    url: null,
    inMaintenance: version === '2.0',
    origin: 'deploy',
    from: null,
    createdAt: '2026-11-04T00:00:00Z',
    createdBy: 'setup',
    endedAt: null,
    endedBy: null,
    replacedBy: null,
    pipelineRemovedAt: null,
  }
}

function judged(deploymentId: string, conforming: boolean): Conformity {
  return { deploymentId, conforming, pipeline: 'any', version: '1.0', violations: [] }
}

const rows = pipelineRows({
  pipelines,
  deployments: [
    deployed('dep_1', 'orders', 'test', '1.1'),
    deployed('dep_2', 'orders', 'test', '2.0'),
    deployed('dep_3', 'orders', 'prod', '1.0'),
    deployed('dep_4', 'parcels', 'prod', '1.0'),
  ],
  conformity: [judged('dep_1', true), judged('dep_2', true), judged('dep_4', false)],
})

test('a row has every live version of its pipeline by environment, whether it conforms, and whether callers are served', () => {
  expect(rows[0]?.live).toEqual(
    new Map([
      [
        'test',
        [
          { version: '1.1', isConforming: true, inMaintenance: false },
          { version: '2.0', isConforming: true, inMaintenance: true },
        ],
      ],
      ['prod', [{ version: '1.0', isConforming: null, inMaintenance: false }]],
    ]),
  )
  expect(rows[1]?.live.size).toBe(0)
})

test('rows are found by name and project, and ordered by name unless said otherwise', () => {
  const names = (search: Parameters<typeof fittingRows>[1]): string[] =>
    fittingRows(rows, search).map(({ name }) => name)
  expect(names({})).toEqual(['invoices', 'orders', 'parcels'])
  expect(names({ search: 'LOGI' })).toEqual(['orders', 'parcels'])
  expect(names({ search: 'voice' })).toEqual(['invoices'])
  expect(names({ sort: '-createdAt' })).toEqual(['invoices', 'orders', 'parcels'])
  expect(names({ sort: 'createdAt' })).toEqual(['parcels', 'orders', 'invoices'])
})

test('a pipeline with one live version that does not conform is one that does not conform', () => {
  expect(fittingRows(rows, { conforming: 'no' }).map(({ name }) => name)).toEqual(['parcels'])
  expect(fittingRows(rows, { conforming: 'yes' }).map(({ name }) => name)).toEqual(['invoices', 'orders'])
})

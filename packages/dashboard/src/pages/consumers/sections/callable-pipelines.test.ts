import { expect, test } from 'vitest'
import { BY_PROJECT_MAX, callablePipelines } from './callable-pipelines.ts'

const ALL = [
  { name: 'orders', project: 'shop' },
  { name: 'returns', project: 'shop' },
  { name: 'levels', project: 'stock' },
]

test('says by which way each pipeline comes, and what can be added', () => {
  const { items, more, others } = callablePipelines({ pipelines: ['orders'], projects: ['shop'] }, ALL)
  expect(items).toEqual([
    { name: 'orders', about: 'also by the project shop', isOwn: true },
    { name: 'returns', about: 'by the project shop', isOwn: false },
  ])
  expect([more, others]).toEqual([0, ['levels']])
})

test('without projects, only the pipelines of its own come', () => {
  const { items, others } = callablePipelines({ pipelines: ['levels', 'hidden'], projects: [] }, ALL)
  expect(items).toEqual([
    { name: 'levels', about: 'stock', isOwn: true },
    // One that the person may not read.
    { name: 'hidden', about: undefined, isOwn: true },
  ])
  expect(others).toEqual(['orders', 'returns'])
})

test('of a large project, the first pipelines are listed and the others counted', () => {
  const many = Array.from({ length: BY_PROJECT_MAX + 2 }, (_each, index) => ({
    name: `p${index}`,
    project: 'shop',
  }))
  const { items, more } = callablePipelines({ pipelines: [], projects: ['shop'] }, many)
  expect([items.length, more]).toEqual([BY_PROJECT_MAX, 2])
  const fits = callablePipelines({ pipelines: [], projects: ['shop'] }, many.slice(2))
  expect([fits.items.length, fits.more]).toEqual([BY_PROJECT_MAX, 0])
})

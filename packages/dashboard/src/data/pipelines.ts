import { queryOptions } from '@tanstack/react-query'
import { sallyport } from './sallyport.ts'

/** The most choices of a field. */
const CHOICES_MAX = 1_000

/** The pipelines that a field offers. */
export function pipelineChoicesQuery(organization: string) {
  return queryOptions({
    queryKey: ['pipelines', organization, 'choices'],
    queryFn: async ({ signal }) =>
      await sallyport.listPipelines({ organization }, { signal }).toArray(CHOICES_MAX),
  })
}

import { queryOptions } from '@tanstack/react-query'
import { sallyport } from './sallyport.ts'

export function consumerQuery(organization: string, consumer: string) {
  return queryOptions({
    queryKey: ['consumer', organization, consumer],
    queryFn: async ({ signal }) => await sallyport.getConsumer({ organization, consumer }, { signal }),
  })
}

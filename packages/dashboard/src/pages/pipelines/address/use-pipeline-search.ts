import { useNavigate, useSearch } from '@tanstack/react-router'
import type { PipelineSearch } from './search.ts'

type Change = { readonly [Name in keyof PipelineSearch]?: PipelineSearch[Name] | undefined }

/** What the URL says about the page of a pipeline, and how to change it. */
export function usePipelineSearch(): {
  readonly search: PipelineSearch
  readonly set: (change: Change) => void
} {
  const search = useSearch({ from: '/signed-in/organizations/$organization/pipelines/$pipeline' })
  const navigate = useNavigate()
  return {
    search,
    set: (change) =>
      void navigate({ to: '.', search: (before) => ({ ...before, ...change }), replace: true }),
  }
}

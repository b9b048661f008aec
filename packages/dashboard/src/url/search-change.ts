import { useNavigate } from '@tanstack/react-router'

/** Changes what a page reads from the URL. The button "back" leads to the page before, and not through each filter. */
export function useSearchChange<Search extends object>(): (change: Partial<Search>) => void {
  const navigate = useNavigate()
  return (change) =>
    void navigate({ to: '.', search: (before: Search) => ({ ...before, ...change }), replace: true } as never)
}

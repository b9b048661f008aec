// Before anything is painted, so that a dark page does not flash. The key is that of `theme/color-scheme.ts`.
{
  const chosen = localStorage.getItem('color-scheme')
  const isDark =
    chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.dataset.mantineColorScheme = isDark ? 'dark' : 'light'
}

/** What the scripts that are loaded beside leave in the window. */
declare var MonacoEnvironment: { globalAPI: boolean; getWorkerUrl(moduleId: string, label: string): string };
declare var YogaGraphiQL: { renderYogaGraphiQL(element: Element, properties: object): void };
declare var EmbeddedSandbox: new (options: object) => unknown;

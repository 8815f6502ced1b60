"use strict";

// Shows the OpenAPI document with Swagger UI. "Try it out" uses the reader's session and its CSRF token.
const docs = document.getElementById("docs");

window.ui = SwaggerUIBundle({
  url: docs.dataset.schema,
  dom_id: "#docs",
  presets: [SwaggerUIBundle.presets.apis],
  layout: "BaseLayout",
  deepLinking: true,
  displayRequestDuration: true,
  defaultModelsExpandDepth: 0,
  validatorUrl: null,
  oauth2RedirectUrl: location.origin + docs.dataset.redirect,
  requestInterceptor: (request) => {
    const method = (request.method || "GET").toUpperCase();
    if (method !== "GET" && new URL(request.url, location.href).origin === location.origin) {
      request.headers["X-CSRFToken"] = docs.dataset.csrf;
    }
    return request;
  },
});

// "Authorize": authorization code with PKCE, under the client that this site registered for its documentation.
if (docs.dataset.client) {
  window.ui.initOAuth({
    clientId: docs.dataset.client,
    scopes: "articles:read search:read gate:read account:read",
    usePkceWithAuthorizationCodeGrant: true,
  });
}

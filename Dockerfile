# Offramp as an image. Build the jar first:
#
#   ./mvnw -q package -DskipTests && docker build --tag offramp .
#
# What runs it: any Java 25 on a glibc Linux with bash. The same image takes the jar apart, trains and runs, because an AOT
# cache holds for exactly one JVM.
ARG JAVA_IMAGE=eclipse-temurin:25-jre

FROM ${JAVA_IMAGE} AS layers
WORKDIR /build
COPY target/offramp-*.jar offramp.jar
RUN java -Djarmode=tools -jar offramp.jar extract --layers --destination layers

FROM ${JAVA_IMAGE}
LABEL org.opencontainers.image.title="Offramp" \
      org.opencontainers.image.description="Safe bulk cancellation and customer off-boarding for Microsoft CSP partners" \
      org.opencontainers.image.licenses="Apache-2.0"

# What changes seldom comes first: libraries, then ours.
COPY --from=layers /build/layers/dependencies/ /opt/offramp/
COPY --from=layers /build/layers/spring-boot-loader/ /opt/offramp/
COPY --from=layers /build/layers/snapshot-dependencies/ /opt/offramp/
COPY --from=layers /build/layers/application/ /opt/offramp/
COPY bin/container/ /opt/offramp/bin/

# The user has no name and no rights but in its home; the chart's runAsUser is the same.
RUN ln -s /opt/offramp/bin/offramp /usr/local/bin/offramp \
 && /opt/offramp/bin/train /opt/offramp/offramp.aot \
 && mkdir -p /var/lib/offramp && chown 10001:10001 /var/lib/offramp && chmod 700 /var/lib/offramp
USER 10001:10001

ENV OFFRAMP_HOME=/var/lib/offramp/home
WORKDIR /opt/offramp
VOLUME /var/lib/offramp
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=4 CMD ["/opt/offramp/bin/healthy"]
# Everything behind the image's name goes on: docker run offramp simulator --port 9380
ENTRYPOINT ["/opt/offramp/bin/offramp"]

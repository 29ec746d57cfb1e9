import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.event.ruler.JsonRuleCompiler;
import software.amazon.event.ruler.Machine;

/** Reads [{"pattern": …, "events": […]}] from standard input; writes [{"error": …}] or [{"matches": [true, …]}]. */
class Match {
  public static void main(String[] arguments) throws Exception {
    ObjectMapper json = new ObjectMapper();
    List<Map<String, Object>> results = new ArrayList<>();
    for (JsonNode question : json.readTree(System.in)) {
      String pattern = question.get("pattern").toString();
      Map<String, Object> result = new LinkedHashMap<>();
      String error = JsonRuleCompiler.check(pattern);
      if (error != null) {
        result.put("error", error);
      } else {
        Machine machine = new Machine();
        machine.addRule("rule", pattern);
        List<Boolean> matches = new ArrayList<>();
        for (JsonNode event : question.get("events")) {
          String text = event.isTextual() ? event.textValue() : event.toString();
          matches.add(!machine.rulesForJSONEvent(text).isEmpty());
        }
        result.put("matches", matches);
      }
      results.add(result);
    }
    System.out.println(json.writeValueAsString(results));
  }
}
